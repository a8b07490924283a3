# FLINT with Arb: FLINT 3 carries Arb inside, FLINT 2 has it as a second library
# (Debian names it flint-arb). Neither ships a CMake or pkg-config file.
#
# Defines the target FLINT::arb (Arb, FLINT, MPFR, GMP) and FLINT_VERSION.
find_path(FLINT_INCLUDE_DIR flint/flint.h)
find_library(FLINT_LIBRARY flint)
find_library(FLINT_ARB_LIBRARY NAMES flint-arb arb)
find_library(FLINT_MPFR_LIBRARY mpfr)
find_library(FLINT_GMP_LIBRARY gmp)
if(FLINT_INCLUDE_DIR)
  file(STRINGS ${FLINT_INCLUDE_DIR}/flint/flint.h version_line REGEX "define FLINT_VERSION \"")
  if(version_line)
    string(REGEX REPLACE ".*\"([^\"]+)\".*" "\\1" FLINT_VERSION "${version_line}")
  endif()
endif()
# Arb's headers are <arb.h> with FLINT 2 and <flint/arb.h> with FLINT 3.
find_path(FLINT_ARB_INCLUDE_DIR arb.h PATH_SUFFIXES flint)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(FLINT
  REQUIRED_VARS FLINT_LIBRARY FLINT_INCLUDE_DIR FLINT_ARB_INCLUDE_DIR FLINT_MPFR_LIBRARY FLINT_GMP_LIBRARY
  VERSION_VAR FLINT_VERSION)

if(FLINT_FOUND AND NOT TARGET FLINT::arb)
  add_library(FLINT::arb INTERFACE IMPORTED)
  set(libraries ${FLINT_LIBRARY} ${FLINT_MPFR_LIBRARY} ${FLINT_GMP_LIBRARY})
  if(FLINT_ARB_LIBRARY)
    list(PREPEND libraries ${FLINT_ARB_LIBRARY})
  endif()
  set_target_properties(FLINT::arb PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${FLINT_INCLUDE_DIR};${FLINT_INCLUDE_DIR}/flint;${FLINT_ARB_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${libraries}")
endif()
mark_as_advanced(FLINT_INCLUDE_DIR FLINT_LIBRARY FLINT_ARB_LIBRARY FLINT_ARB_INCLUDE_DIR
                 FLINT_MPFR_LIBRARY FLINT_GMP_LIBRARY)
