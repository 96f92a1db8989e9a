# What the tests of whole programs share: those of e2e, chart, monitoring and image.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

# PyYAML is Debian's, for Debian's own Python; another one first in PATH need not have it.
execute_process(COMMAND ${Python3_EXECUTABLE} -c "import yaml" RESULT_VARIABLE no_yaml ERROR_QUIET)
if(no_yaml AND EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()

# Each file is one test: the real binary against the simulators, on loopback.
function(e2e_tests)
  foreach(name ${ARGN})
    add_test(NAME e2e.${name} COMMAND ${Python3_EXECUTABLE} -m unittest -v test_${name}
             WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(e2e.${name} PROPERTIES LABELS e2e TIMEOUT 600
                         ENVIRONMENT "SPLITDELIVERY_BUILD=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
  endforeach()
endfunction()

# The same with a tool that the machine may lack. Skipped without it, but a failure where the environment has CI or
# SPLITDELIVERY_REQUIRE_CONTROL_PLANE=1.
function(skippable_tests)
  e2e_tests(${ARGN})
  list(TRANSFORM ARGN PREPEND e2e.)
  set_tests_properties(${ARGN} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

# The same on a real kube-apiserver and etcd, which control-plane/build.sh builds from Go modules.
function(cluster_tests)
  skippable_tests(${ARGN})
  list(TRANSFORM ARGN PREPEND e2e.)
  set_tests_properties(${ARGN} PROPERTIES PROCESSORS 2)
endfunction()

# test_tool(NAME SCRIPT WHAT): has `SCRIPT FOLDER` bring a tool into the folder NAME of the build, with everything else;
# `SCRIPT --check` says why it cannot.
function(test_tool name script what)
  execute_process(COMMAND ${script} --check OUTPUT_VARIABLE why_not RESULT_VARIABLE missing OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(in_all "")
  if(missing)
    message(STATUS "${why_not}")
  elseif(NOT SPLITDELIVERY_SANITIZE)
    set(in_all ALL)
  endif()
  add_custom_target(${name} ${in_all} COMMAND ${script} ${CMAKE_BINARY_DIR}/${name} COMMENT "${what}" USES_TERMINAL VERBATIM)
endfunction()
