// Signed digits and their sums against exact rationals.
#include <boost/test/unit_test.hpp>
#include <random>

#include "numerics/ode/digits.hpp"
#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/rational.hpp"
#include "tests/support/exact_value.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;
using namespace flowproof::approx;

namespace {

const rational two(2);
constexpr std::int64_t half = std::int64_t{1} << (digits::radix_bits - 1);

rational power_of_radix(std::int64_t n) { return power(two, digits::radix_bits * n); }

rational value(const digits& x) {
    rational sum;
    for (std::size_t i = 0; i < x.digit.size(); ++i)
        sum += rational(x.digit[i]) * power_of_radix(x.low + static_cast<std::int64_t>(i));
    return sum;
}

/// Digits as they come out of sums: often extreme.
digits random_digits(std::mt19937_64& rng) {
    digits x;
    x.low = static_cast<std::int64_t>(rng() % 9) - 4;
    const std::size_t n = rng() % 6;
    for (std::size_t i = 0; i < n; ++i) {
        const auto random = static_cast<std::int64_t>(rng() % (2 * half)) - half;
        const std::int64_t choices[] = {random, half, -half, 0, half - 1, 1};
        x.digit.push_back(choices[rng() % 6]);
    }
    if (n > 0 && rng() % 2 == 0) x.digit.back() = rng() % 2 ? 2 * half - 1 : 1 - 2 * half;
    while (!x.digit.empty() && x.digit.back() == 0)
        x.digit.pop_back();
    return x;
}

bool regular(const digits& x) {
    for (std::size_t i = 0; i < x.digit.size(); ++i) {
        const bool last = i + 1 == x.digit.size();
        if (abs(rational(x.digit[i])) > rational(last ? 2 * half - 1 : half)) return false;
        if (last && x.digit[i] == 0) return false;
    }
    return true;
}

std::string text(const digits& x) {
    std::string result = "B^" + std::to_string(x.low) + " (";
    for (const std::int64_t d : x.digit)
        result += " " + std::to_string(d);
    return result + " )";
}

/// A sum and the exact one beside it.
struct checked_sum {
    columns sum;
    std::int64_t low;
    rational exact;

    explicit checked_sum(std::int64_t low_) : low(low_) { sum.open(low_); }
    void check() {
        digits x;
        sum.close(x);
        BOOST_TEST(regular(x), text(x));
        const rational bound =
            rational(static_cast<std::int64_t>(sum.left_out()), 4) * power_of_radix(low + 1);
        BOOST_TEST((abs(value(x) - exact) <= bound), value(x).decimal(40)
                                                         << " for " << exact.decimal(40) << " +- "
                                                         << bound.decimal(5));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(digits_test)

BOOST_AUTO_TEST_CASE(numbers_keep_their_value) {
    std::mt19937_64 rng(seed(311));
    arf_t a;
    arf_init(a);
    for (int trial = 0; trial < trials(2000); ++trial) {
        const digits x = random_digits(rng);
        const auto shift = static_cast<std::int64_t>(rng() % 400) - 200;
        BOOST_TEST_CONTEXT(text(x) << " shifted by " << shift) {
            x.get(a, shift);
            const rational exact = value(x) * power(two, shift);
            BOOST_TEST((value(a) == exact));
            digits y;
            BOOST_TEST_REQUIRE(y.set(a));
            BOOST_TEST((value(y) == exact));
            BOOST_TEST(regular(y), text(y));
            const rational size = value(x.size(shift));
            BOOST_TEST((size >= abs(exact) && size <= abs(exact) * rational(1001, 1000)));
            if (!x.is_zero()) {
                BOOST_TEST((abs(value(x)) < power(two, x.top())));
                BOOST_TEST((abs(value(x)) * rational(8) > power(two, x.top())));
            }
            const auto position = static_cast<std::int64_t>(rng() % 12) - 6;
            digits part = x;
            const int quarters = part.cut(position);
            BOOST_TEST(
                (abs(value(x) - value(part)) <= rational(quarters, 4) * power_of_radix(position)));
            BOOST_TEST((part.low >= position || x.low >= position));
        }
    }
    digits y;
    arf_pos_inf(a);
    BOOST_TEST(!y.set(a));
    arf_nan(a);
    BOOST_TEST(!y.set(a));
    arf_one(a);
    arf_mul_2exp_si(a, a, std::int64_t{1} << 50);
    BOOST_TEST(!y.set(a)); // positions are 64 bits, with room
    arf_clear(a);
}

BOOST_AUTO_TEST_CASE(sums_are_exact_above_what_they_leave_out) {
    std::mt19937_64 rng(seed(312));
    int exact = 0, cut = 0;
    for (int trial = 0; trial < trials(3000); ++trial) {
        checked_sum s(static_cast<std::int64_t>(rng() % 14) - 9);
        const std::size_t n = rng() % 5;
        std::string what = "low " + std::to_string(s.low);
        for (std::size_t i = 0; i < n; ++i) {
            const digits x = random_digits(rng), y = random_digits(rng);
            if (rng() % 2) {
                const auto times = static_cast<std::int64_t>(rng() % 200) - 100;
                what += ", " + std::to_string(times) + " " + text(x);
                s.sum.add(x, times);
                s.exact += rational(times) * value(x);
            } else {
                const auto times = static_cast<std::int64_t>(rng() % 5) - 2;
                what += ", " + std::to_string(times) + " " + text(x) + " * " + text(y);
                s.sum.add_product(x, y, times);
                s.exact += rational(times) * value(x) * value(y);
            }
        }
        ++(s.sum.left_out() == 0 ? exact : cut);
        BOOST_TEST_CONTEXT(what) s.check();
    }
    BOOST_TEST(exact > trials(300));
    BOOST_TEST(cut > trials(300));
}

BOOST_AUTO_TEST_CASE(a_sum_is_shifted_exactly) {
    std::mt19937_64 rng(seed(313));
    for (int trial = 0; trial < trials(500); ++trial) {
        const digits x = random_digits(rng), y = random_digits(rng);
        const int shift = static_cast<int>(rng() % digits::radix_bits);
        columns sum;
        sum.open(x.low + y.low);
        sum.add_product(x, y, 1);
        digits z;
        sum.close(z, shift);
        BOOST_TEST((value(z) == value(x) * value(y) * power(two, shift)),
                   text(x) << " * " << text(y) << " 2^" << shift << " = " << text(z));
        BOOST_TEST(regular(z), text(z));
    }
}

BOOST_AUTO_TEST_CASE(quotients_lack_less_than_they_say) {
    std::mt19937_64 rng(seed(314));
    for (int trial = 0; trial < trials(1000); ++trial) {
        const digits x = random_digits(rng);
        const auto divisor = static_cast<std::int64_t>(rng() % (rng() % 2 ? 300 : 200'000)) + 1;
        checked_sum s(static_cast<std::int64_t>(rng() % 12) - 8);
        s.sum.add_quotient(x, divisor);
        s.exact = value(x) / rational(divisor);
        BOOST_TEST_CONTEXT(text(x) << " / " << divisor << " above " << s.low) s.check();
    }
}

/// Coefficients fall off or grow, some are 0; long rows flush their sums.
BOOST_AUTO_TEST_CASE(inner_products_of_rows) {
    std::mt19937_64 rng(seed(315));
    for (int trial = 0; trial < trials(60); ++trial) {
        const slong order = trial % 10 == 9 ? 1300 : static_cast<slong>(rng() % 40) + 1;
        const bool grows = rng() % 4 == 0;
        digit_row rows[2] = {digit_row(order + 1), digit_row(order + 1)};
        std::vector<rational> exact[2];
        std::int64_t lows[2] = {};
        for (int which = 0; which < 2; ++which) {
            rows[which].clear();
            const std::int64_t low = lows[which] = static_cast<std::int64_t>(rng() % 7) - 5;
            for (slong k = 0; k <= order; ++k) {
                digits x = random_digits(rng);
                x.low = low;
                const slong share = 5 * (grows ? k : order - k) / order;
                x.digit.resize(std::min(x.digit.size(), static_cast<std::size_t>(share)));
                while (!x.digit.empty() && x.digit.back() == 0)
                    x.digit.pop_back();
                rows[which].set(k, x);
                digits y;
                rows[which].get(k, y);
                BOOST_TEST((value(y) == value(x)));
                exact[which].push_back(value(x));
            }
        }
        const slong k = static_cast<slong>(rng() % static_cast<std::uint64_t>(order)) + 1,
                    first = static_cast<slong>(rng() % static_cast<std::uint64_t>(k)),
                    last = first +
                           static_cast<slong>(rng() % static_cast<std::uint64_t>(k - first + 1));
        const auto times = static_cast<std::int64_t>(rng() % 5) - 2;
        checked_sum s(lows[0] + lows[1] + static_cast<std::int64_t>(rng() % 8) - 2);
        s.sum.add_inner(rows[0], rows[1], k, first, last, times);
        for (slong j = first; j <= last; ++j)
            s.exact += rational(times) * exact[0][static_cast<std::size_t>(j)] *
                       exact[1][static_cast<std::size_t>(k - j)];
        BOOST_TEST_CONTEXT("order " << order << ", k " << k << ", " << first << " to " << last
                                    << ", times " << times << ", above " << s.low)
        s.check();
    }
}

/// The largest digits there are, in the longest sum before it is flushed.
BOOST_AUTO_TEST_CASE(sums_do_not_overflow) {
    const slong order = 1500;
    digit_row row(order + 1);
    row.clear();
    digits x;
    x.digit = {half, half, 2 * half - 1};
    rational exact;
    for (slong k = 0; k <= order; ++k) {
        for (std::int64_t& d : x.digit)
            d = -d;
        row.set(k, x);
    }
    for (const std::int64_t times : {2, -2, 1}) {
        checked_sum s(0);
        s.sum.add_inner(row, row, order, 0, order, times);
        // Alternating signs: x_j x_(order - j) is value(x)^2 for all j, as the order is even.
        s.exact = rational(times * (order + 1)) * value(x) * value(x);
        s.check();
        BOOST_TEST(s.sum.left_out() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
