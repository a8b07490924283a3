#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <boost/version.hpp>
#include <regex>
#include <string>

#include "verify/result/build_info.hpp"

using flowproof::current_build;

namespace {

std::string library(const std::string& name) {
    const auto& all = current_build().libraries;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& l) { return l.first == name; });
    return found == all.end() ? "missing" : found->second;
}

bool starts_with(const std::string& text, const std::string& start) {
    return text.rfind(start, 0) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(build_info_test)

BOOST_AUTO_TEST_CASE(the_commit_is_a_full_hash_or_says_that_it_is_unknown) {
    const auto& commit = current_build().commit;
    BOOST_TEST(std::regex_match(commit, std::regex("[0-9a-f]{40}(-dirty)?|unknown")), commit);
}

BOOST_AUTO_TEST_CASE(the_compiler_is_the_one_that_compiled_this_test) {
#ifdef __clang__
    const std::string id = "Clang", major = std::to_string(__clang_major__);
#else
    const std::string id = "GNU", major = std::to_string(__GNUC__);
#endif
    const auto& compiler = current_build().compiler;
    BOOST_TEST(compiler.find(id + " " + major + ".") != std::string::npos, compiler);
}

BOOST_AUTO_TEST_CASE(flags_name_the_optimisation_and_what_soundness_asks_for) {
    const auto& flags = current_build().flags;
    BOOST_TEST(flags.find("-ffp-contract=off") != std::string::npos, flags);
    BOOST_TEST(flags.find("-fno-fast-math") != std::string::npos, flags);
    BOOST_TEST(flags.find("$<") == std::string::npos, flags);
    BOOST_TEST(flags.find(';') == std::string::npos, flags);
#ifdef __OPTIMIZE__
    BOOST_TEST(flags.find("-O") != std::string::npos, flags);
#endif
    BOOST_TEST(!current_build().build_type.empty());
}

BOOST_AUTO_TEST_CASE(every_library_has_a_version_with_digits) {
    for (const char* name :
         {"Boost", "Eigen", "FLINT", "GMP", "MPFR", "oneTBB", "fmt", "nlohmann_json"}) {
        const auto version = library(name);
        BOOST_TEST(std::regex_search(version, std::regex("^[0-9]+\\.[0-9]+")),
                   name << ": " << version);
    }
    BOOST_TEST(starts_with(library("Boost"), std::to_string(BOOST_VERSION / 100000) + "." +
                                                 std::to_string(BOOST_VERSION / 100 % 1000)));
}

BOOST_AUTO_TEST_CASE(the_instruction_set_begins_with_the_architecture) {
    const auto& set = current_build().instruction_set;
#if defined(__x86_64__)
    BOOST_TEST(starts_with(set, "x86-64 sse2"), set);
    const auto processor = set.find("; processor: ");
    BOOST_TEST(processor != std::string::npos, set);
#ifdef __AVX2__ // what is allowed must be there, or this test could not run
    BOOST_TEST(set.find(" avx2") < processor, set);
    BOOST_TEST(set.find(" avx2", processor) != std::string::npos, set);
#endif
#else
    BOOST_TEST(!set.empty());
#endif
}

BOOST_AUTO_TEST_CASE(every_call_describes_the_same_build) {
    BOOST_TEST(&current_build() == &current_build());
    BOOST_TEST(!current_build().version.empty());
}

BOOST_AUTO_TEST_SUITE_END()
