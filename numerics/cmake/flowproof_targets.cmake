# What every target of ours shares: warnings, soundness flags, sanitizers.

add_library(flowproof_warnings INTERFACE)
add_library(flowproof::warnings ALIAS flowproof_warnings)
target_compile_options(flowproof_warnings INTERFACE
  # g++ 12 sees overlapping copies in `"text" + std::string` where there are none (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -Wall -Wextra -Wconversion -Wshadow -Wundef $<$<BOOL:${FLOWPROOF_WERROR}>:-Werror>)

# Soundness, not taste: a contracted multiply-add or a reassociated sum may leave
# the enclosure it was meant to compute. PUBLIC, so that no user can lose them.
add_library(flowproof_sound INTERFACE)
add_library(flowproof::sound ALIAS flowproof_sound)
target_compile_options(flowproof_sound INTERFACE -ffp-contract=off -fno-fast-math)

if(FLOWPROOF_SANITIZE)
  add_compile_options(-fsanitize=${FLOWPROOF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FLOWPROOF_SANITIZE})
endif()

# Code that formats, parses and asserts is compiled with -O1: it waits for people and disks, and
# builds in half the time. Never for anything that computes.
add_library(flowproof_cold INTERFACE)
add_library(flowproof::cold ALIAS flowproof_cold)
target_compile_options(flowproof_cold INTERFACE $<$<CONFIG:Release>:-O1>)

# flowproof_add_library(<area> FOLDERS <dir>... [LINK <target>...] [PRIVATE_LINK <target>...])
# The sources of the named folders become the library flowproof::<area>.
function(flowproof_add_library area)
  cmake_parse_arguments(arg "" "" "FOLDERS;LINK;PRIVATE_LINK" ${ARGN})
  set(globs "")
  foreach(folder IN LISTS arg_FOLDERS)
    list(APPEND globs ${folder}/*.cpp)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${globs})
  add_library(flowproof_${area} STATIC ${sources})
  add_library(flowproof::${area} ALIAS flowproof_${area})
  target_include_directories(flowproof_${area} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_features(flowproof_${area} PUBLIC cxx_std_20)
  target_link_libraries(flowproof_${area} PUBLIC ${arg_LINK}
                        PRIVATE ${arg_PRIVATE_LINK} flowproof::warnings)
endfunction()
