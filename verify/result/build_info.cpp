#include "verify/result/build_info.hpp"

#include "build_facts.hpp"
#include "git_commit.hpp"
#include "numerics/scalar/flint.hpp"

namespace flowproof {
namespace {

void add(std::string& list, const char* word) {
    if (!list.empty()) list += ' ';
    list += word;
}

/// The widest extensions that the compiler's options allow, from its predefined macros.
std::string baseline() {
    std::string list;
#if defined(__x86_64__)
    add(list, "x86-64 sse2");
#elif defined(__aarch64__)
    add(list, "aarch64 neon");
#else
    add(list, "generic");
#endif
#ifdef __SSE4_2__
    add(list, "sse4.2");
#endif
#ifdef __AVX__
    add(list, "avx");
#endif
#ifdef __AVX2__
    add(list, "avx2");
#endif
#ifdef __FMA__
    add(list, "fma");
#endif
#ifdef __AVX512F__
    add(list, "avx512f");
#endif
#ifdef __AVX512DQ__
    add(list, "avx512dq");
#endif
#ifdef __ARM_FEATURE_SVE
    add(list, "sve");
#endif
    return list;
}

std::string processor() {
    std::string list;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("sse4.2")) add(list, "sse4.2");
    if (__builtin_cpu_supports("avx")) add(list, "avx");
    if (__builtin_cpu_supports("avx2")) add(list, "avx2");
    if (__builtin_cpu_supports("fma")) add(list, "fma");
    if (__builtin_cpu_supports("avx512f")) add(list, "avx512f");
    if (__builtin_cpu_supports("avx512dq")) add(list, "avx512dq");
#endif
    return list.empty() ? list : "; processor: " + list;
}

build_info describe() {
    build_info info;
    info.version = FLOWPROOF_VERSION;
    info.commit = FLOWPROOF_GIT_COMMIT;
    info.compiler = FLOWPROOF_COMPILER;
    info.build_type = FLOWPROOF_BUILD_TYPE;
    info.flags = FLOWPROOF_FLAGS;
    info.libraries = {
        {"Boost", FLOWPROOF_BOOST_VERSION},
        {"Eigen", FLOWPROOF_EIGEN_VERSION},
        {"FLINT", flint_version},
#if __FLINT_RELEASE < 30000 // FLINT 3 contains Arb
        {"Arb", arb_version},
#endif
        {"GMP", gmp_version},
        {"MPFR", mpfr_get_version()},
        {"oneTBB", FLOWPROOF_TBB_VERSION},
        {"fmt", FLOWPROOF_FMT_VERSION},
        {"nlohmann_json", FLOWPROOF_JSON_VERSION},
    };
    info.instruction_set = baseline() + processor();
    return info;
}

} // namespace

const build_info& current_build() {
    static const build_info info = describe();
    return info;
}

} // namespace flowproof
