# Compiles into a target what a run record says of its build.
#
# Included: flowproof_add_build_info(<target>) puts two generated headers on the include path:
# build_facts.hpp, written when CMake configures, and git_commit.hpp, looked at in every build
# and rewritten only when the commit changed, so that nothing else is compiled again.
# As a script (cmake -P, with SOURCE and HEADER): writes git_commit.hpp.

if(CMAKE_SCRIPT_MODE_FILE)
  set(commit "")
  # In a worktree .git is a file. Without one, git would answer for a repository further up.
  if(EXISTS ${SOURCE}/.git)
    find_program(GIT git)
    if(GIT)
      execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --dirty --abbrev=40 --exclude=*
        OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
  endif()
  if(NOT commit)
    set(commit unknown)
  endif()
  configure_file(${CMAKE_CURRENT_LIST_DIR}/git_commit.hpp.in ${HEADER} @ONLY)
  return()
endif()

function(flowproof_add_build_info target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/build_info)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  get_property(options DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY COMPILE_OPTIONS)
  get_target_property(sound flowproof_sound INTERFACE_COMPILE_OPTIONS)
  string(JOIN " " flags ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${options} ${sound})
  string(REGEX REPLACE "([\\\"])" "\\\\\\1" flags "${flags}")
  configure_file(${PROJECT_SOURCE_DIR}/numerics/cmake/build_facts.hpp.in
                 ${folder}/build_facts.hpp @ONLY)

  add_custom_target(${target}_git_commit
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D HEADER=${folder}/git_commit.hpp
            -P ${PROJECT_SOURCE_DIR}/numerics/cmake/build_info.cmake
    BYPRODUCTS ${folder}/git_commit.hpp
    COMMENT "Looking up the git commit" VERBATIM)
  add_dependencies(${target} ${target}_git_commit)
  target_include_directories(${target} PRIVATE ${folder})
  target_compile_definitions(${target} PRIVATE FLOWPROOF_BUILD_TYPE="$<CONFIG>")
endfunction()
