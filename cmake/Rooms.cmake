# Flags that every file of ours is compiled with.
add_library(splitdelivery_flags INTERFACE)
target_compile_options(splitdelivery_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                                     -Wthread-safety -Werror)

set(SPLITDELIVERY_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, or nothing")
if(SPLITDELIVERY_SANITIZE)
  target_compile_options(splitdelivery_flags INTERFACE -fsanitize=${SPLITDELIVERY_SANITIZE}
                                                       -fno-sanitize-recover=undefined)
  target_link_options(splitdelivery_flags INTERFACE -fsanitize=${SPLITDELIVERY_SANITIZE})
endif()

# room(NAME [USES room…] [LIBRARIES lib…] [PRECOMPILED header…])
#
# One folder under controller/ is one static library splitdelivery_NAME made of every .cpp below it.
# USES is the room's row in the table of ARCHITECTURE.md; tests/house checks the includes against it.
function(room name)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES;PRECOMPILED" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(splitdelivery_${name} STATIC ${sources})
  target_include_directories(splitdelivery_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ROOM_USES PREPEND splitdelivery_)
  target_link_libraries(splitdelivery_${name} PUBLIC splitdelivery_flags ${ROOM_USES} ${ROOM_LIBRARIES})
  if(ROOM_PRECOMPILED)
    target_precompile_headers(splitdelivery_${name} PRIVATE ${ROOM_PRECOMPILED})
  endif()
endfunction()
