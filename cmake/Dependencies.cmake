# Everything comes from Debian 12 packages (cmake/install-build-deps.sh); nothing is downloaded here.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(cpprestsdk REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 2.1 REQUIRED)

find_package(prometheus-cpp REQUIRED)

# c-ares as Debian ships it has a pkg-config file, no CMake package.
find_package(PkgConfig REQUIRED)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares>=1.18)

find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)

# libidn2 ships no CMake package.
find_library(IDN2_LIBRARY idn2 REQUIRED)
find_path(IDN2_INCLUDE_DIR idn2.h REQUIRED)
add_library(idn2::idn2 UNKNOWN IMPORTED)
set_target_properties(idn2::idn2 PROPERTIES IMPORTED_LOCATION ${IDN2_LIBRARY}
                                            INTERFACE_INCLUDE_DIRECTORIES ${IDN2_INCLUDE_DIR})
