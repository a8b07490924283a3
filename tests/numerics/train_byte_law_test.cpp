#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "numerics/random/instances.hpp"
#include "numerics/stats/goodness_of_fit.hpp"
#include "numerics/train/byte_law.hpp"
#include "tests/support/rationals.hpp"
#include "tests/support/seed.hpp"

using flowproof::rational;
using flowproof::random::stream;
using flowproof::support::rationals;
using flowproof::train::byte_law;
using flowproof::train::byte_stream;
namespace stats = flowproof::stats;

BOOST_AUTO_TEST_SUITE(train_byte_law_test)

BOOST_AUTO_TEST_CASE(finished_tables_draw_from_the_law_exactly) {
    std::vector<std::vector<rational>> laws = {
        rationals({"1"}),
        rationals({"1/4", "1/4", "1/4", "1/4"}),
        rationals({"4/19", "7/19", "8/19"}),
        rationals({"0", "1/3", "0", "0", "2/3", "0"}),
        rationals({"1/1000", "1/1000", "1/1000", "997/1000"}),
        rationals({"1/256", "255/256"}),
        std::vector<rational>(300, rational(1, 300)),
    };
    const std::uint64_t seed = flowproof::support::seed(20260701);
    for (int trial = 0; trial < flowproof::support::trials(30); ++trial) {
        stream bits(seed, 0, static_cast<std::uint32_t>(trial));
        laws.push_back(flowproof::random::random_law(
            bits, 1 + static_cast<std::size_t>(bits.next() % 40), 1000));
    }
    for (const auto& law : laws)
        BOOST_TEST_CONTEXT("seed " << seed << ", " << law.size() << " outcomes, the first "
                                   << law.front()) {
            BOOST_TEST((byte_law(law).law() == law));
        }
}

BOOST_AUTO_TEST_CASE(draws_have_the_law) {
    // Seed fixed before the first run; false alarm 2e-6.
    const auto law = rationals({"4/19", "0", "7/19", "1/997", "7957/18943"});
    const byte_law draw(law);
    byte_stream bits(stream(20260702));
    std::vector<std::int64_t> counts(law.size());
    for (int i = 0; i < 300'000; ++i)
        ++counts[draw(bits)];
    BOOST_TEST(counts[1] == 0);
    const double p = stats::chi_square_test(counts, law).p_value;
    BOOST_TEST(p >= 1e-6);
    BOOST_TEST(p <= 1 - 1e-6);
}

BOOST_AUTO_TEST_CASE(many_draws_at_once_are_the_draws_one_by_one) {
    const byte_law draw(rationals({"1/3", "1/3", "1/3"}));
    for (std::size_t n = 0; n < 40; ++n) {
        const stream start(7, 0, static_cast<std::uint32_t>(n));
        byte_stream one(start), many(start);
        std::vector<std::uint16_t> filled(n);
        draw.fill(many, filled.data(), n);
        for (std::size_t i = 0; i < n; ++i)
            BOOST_TEST(draw(one) == filled[i], "draw " << i << " of " << n);
        BOOST_TEST(one.next() == many.next(), n); // both stand at the same byte
    }
}

BOOST_AUTO_TEST_CASE(a_byte_decides_alone_where_the_law_allows_it) {
    const byte_law quarters(rationals({"1/4", "1/4", "1/4", "1/4"}));
    byte_stream drawn(stream(8)), bytes(stream(8));
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(quarters(drawn) == bytes.next() / 64);
}

BOOST_AUTO_TEST_CASE(what_is_no_law_is_refused) {
    BOOST_CHECK_THROW(byte_law(rationals({})), std::invalid_argument);
    BOOST_CHECK_THROW(byte_law(rationals({"1/2", "1/3"})), std::invalid_argument);
    BOOST_CHECK_THROW(byte_law(rationals({"3/2", "-1/2"})), std::invalid_argument);
    BOOST_CHECK_THROW(byte_law(std::vector<rational>(32769, rational(1, 32769))),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
