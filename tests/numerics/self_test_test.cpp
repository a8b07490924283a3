#include <boost/test/unit_test.hpp>
#include <cfenv>
#include <chrono>

#include "numerics/interval/self_test.hpp"
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

using namespace flowproof;

namespace {

#ifdef __SSE2__
/// Restores the control register that an environment under test has changed.
class with_control_bits {
public:
    explicit with_control_bits(unsigned bits) : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | bits); }
    ~with_control_bits() { _mm_setcsr(saved_); }
    with_control_bits(const with_control_bits&) = delete;
    with_control_bits& operator=(const with_control_bits&) = delete;

private:
    unsigned saved_;
};

rounding_report report_under(unsigned bits) {
    const with_control_bits environment(bits);
    return rounding_self_test();
}
#endif

rounding_report report_rounding(int direction) {
    const int saved = std::fegetround();
    std::fesetround(direction);
    rounding_report report = rounding_self_test();
    std::fesetround(saved);
    return report;
}

} // namespace

BOOST_AUTO_TEST_SUITE(self_test_test)

BOOST_AUTO_TEST_CASE(an_ordinary_environment_passes_quickly) {
    const auto start = std::chrono::steady_clock::now();
    const rounding_report report = rounding_self_test();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    BOOST_TEST(report.passed, report.failure);
    BOOST_TEST(report.failure == "");
    BOOST_TEST_MESSAGE("self-test took " << seconds.count() << " s");
    BOOST_TEST(seconds.count() < 0.01);
}

#ifdef __SSE2__
BOOST_AUTO_TEST_CASE(flushed_subnormals_are_reported) {
    constexpr unsigned flush_results = 0x8000, flush_operands = 0x0040;
    for (const unsigned bits : {flush_results, flush_operands, flush_results | flush_operands}) {
        const rounding_report report = report_under(bits);
        BOOST_TEST(!report.passed);
        BOOST_TEST(report.failure.find("subnormal") != std::string::npos, report.failure);
    }
    BOOST_TEST(rounding_self_test().passed);
}
#endif

BOOST_AUTO_TEST_CASE(directed_rounding_modes_are_reported) {
    for (const int direction : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        const rounding_report report = report_rounding(direction);
        BOOST_TEST(!report.passed);
        BOOST_TEST(report.failure.find("nearest") != std::string::npos, report.failure);
    }
    BOOST_TEST(rounding_self_test().passed);
}

BOOST_AUTO_TEST_SUITE_END()
