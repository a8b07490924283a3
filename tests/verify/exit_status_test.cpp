#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <vector>

#include "verify/result/record.hpp"

using namespace flowproof;

namespace {

run_record with(const std::vector<std::pair<outcome, outcome>>& result_and_expected) {
    run_record r;
    for (const auto& [result, expected] : result_and_expected) {
        claim_record c;
        c.result = result;
        c.expected = expected;
        r.claims.push_back(c);
    }
    return r;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exit_status_test)

BOOST_AUTO_TEST_CASE(every_outcome_compares_with_every_expectation) {
    constexpr outcome expectations[] = {outcome::proved,       outcome::certified,
                                        outcome::supported,    outcome::refuted,
                                        outcome::contradicted, outcome::undecided};
    // Rows: outcome as in the enum; columns: expectations. = as expected, + stronger, - weaker,
    // ! against.
    const char* table[] = {
        "=++!!+", // proved
        "-=+!!+", // certified
        "--=!!+", // supported
        "!!!=+!", // refuted
        "!!!-=!", // contradicted
        "-----=", // undecided
        "------", // error
        "------", // not run
    };
    for (int result = 0; result < 8; ++result)
        for (int k = 0; k < 6; ++k) {
            const auto got = compare(static_cast<outcome>(result), expectations[k]);
            const char sign = got == comparison::as_expected ? '='
                              : got == comparison::stronger  ? '+'
                              : got == comparison::weaker    ? '-'
                                                             : '!';
            BOOST_TEST_CONTEXT(name(static_cast<outcome>(result))
                               << " where " << name(expectations[k]) << " is expected")
            BOOST_TEST(sign == table[result][k]);
            const int status = exit_status(with({{static_cast<outcome>(result), expectations[k]}}));
            const int expected = result == 7   ? 0
                                 : result == 6 ? 4
                                 : sign == '!' ? 1
                                 : sign == '-' ? 2
                                               : 0;
            BOOST_TEST(status == expected);
        }
}

BOOST_AUTO_TEST_CASE(the_first_that_applies_decides) {
    const std::pair<outcome, outcome> fine{outcome::proved, outcome::proved},
        weaker{outcome::undecided, outcome::proved}, against{outcome::refuted, outcome::proved},
        broke{outcome::error, outcome::proved}, later{outcome::not_run, outcome::proved};
    BOOST_TEST(exit_status(with({})) == 0);
    BOOST_TEST(exit_status(with({fine, later})) == 0);
    BOOST_TEST(exit_status(with({fine, weaker})) == 2);
    BOOST_TEST(exit_status(with({weaker, against, fine})) == 1);
    BOOST_TEST(exit_status(with({weaker, against, broke})) == 4);
    run_record stopped = with({fine, later});
    stopped.run.interrupted = true;
    BOOST_TEST(exit_status(stopped) == 130);
    stopped = with({against, later});
    stopped.run.interrupted = true;
    BOOST_TEST(exit_status(stopped) == 1);
}

BOOST_AUTO_TEST_CASE(an_error_cannot_be_expected) {
    BOOST_CHECK_THROW(compare(outcome::error, outcome::error), std::invalid_argument);
    BOOST_CHECK_THROW(compare(outcome::proved, outcome::not_run), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
