#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "numerics/random/discrete.hpp"
#include "numerics/random/instances.hpp"
#include "numerics/random/normal.hpp"
#include "numerics/random/uniform.hpp"
#include "numerics/random/ziggurat.hpp"
#include "numerics/scalar/flint.hpp"
#include "numerics/stats/goodness_of_fit.hpp"
#include "numerics/stats/summary.hpp"
#include "tests/support/rationals.hpp"

using flowproof::rational;
using flowproof::support::rationals;
using namespace flowproof::random;
namespace stats = flowproof::stats;

namespace {

// Goodness of fit, fixed in advance: every seed below was fixed before its test first ran, and a
// transform fails where a p-value leaves [1e-6, 1 - 1e-6]: false alarm at most 2e-6 a test.
constexpr double least_p = 1e-6;

std::string hex(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(bits));
    return text;
}

double normal_cdf(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

template <class Draw> std::vector<double> draws(std::size_t n, const Draw& draw) {
    std::vector<double> result(n);
    for (double& x : result)
        x = draw();
    return result;
}

void check_law(std::vector<std::int64_t> counts, const std::vector<rational>& law) {
    const auto result = stats::chi_square_test(counts, law);
    BOOST_TEST(result.p_value >= least_p,
               "chi-square " << result.statistic << ", p " << result.p_value);
    BOOST_TEST(result.p_value <= 1 - least_p,
               "chi-square " << result.statistic << ", p " << result.p_value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sampling_test)

// Reproduced by an independent program with its own Philox and its own 70-digit table.
BOOST_AUTO_TEST_CASE(first_values_are_pinned_to_the_bit) {
    stream u(1), n(2), e(3), b(4), r(5);
    const char* uniforms[] = {"3feca141d79c7d00", "3fe6c2b544f2be44", "3febf8b997d58102"};
    const char* normals[] = {"3fe0d733c5160320", "3fd3bac8522f02b8", "bfd2d1fffbd6535d",
                             "bff081af3750c5e2"};
    const char* exponentials[] = {"3fbde847ced11048", "3fe1a628e7a8954a", "3fe92195a7f89609"};
    for (const char* expected : uniforms)
        BOOST_TEST(hex(uniform01(u)) == expected);
    for (const char* expected : normals)
        BOOST_TEST(hex(normal(n)) == expected);
    for (const char* expected : exponentials)
        BOOST_TEST(hex(exponential(e)) == expected);
    BOOST_TEST(uniform_below(b, 1000) == 132u);
    BOOST_TEST(uniform_below(b, 1'000'000'000'000'000) == 670699234053242u);
    BOOST_TEST(random_rational(r, 1000, 1000).str() == "38/5");
}

// All 10^5 normals of a stream, wedges and tails included, in one number.
BOOST_AUTO_TEST_CASE(a_long_run_of_normals_is_pinned_to_the_bit) {
    stream bits(6);
    std::uint64_t hash = 0xcbf29ce484222325;
    int tails = 0;
    for (int i = 0; i < 100000; ++i) {
        const double x = normal(bits);
        std::uint64_t word = 0;
        std::memcpy(&word, &x, sizeof word);
        hash = (hash ^ word) * 0x100000001b3;
        tails += std::abs(x) > normal_ziggurat().edge[1];
    }
    BOOST_TEST(hash == 0xddf624c98e6a5830u);
    BOOST_TEST(tails > 0);
}

BOOST_AUTO_TEST_CASE(uniform01_takes_the_top_53_bits) {
    stream bits(11), words(11);
    for (int i = 0; i < 1000; ++i) {
        const double u = uniform01(bits);
        BOOST_TEST((rational::exactly(u) * rational(std::int64_t{1} << 53) ==
                    rational(static_cast<std::int64_t>(words.next64() >> 11))));
        BOOST_TEST((u >= 0 && u < 1));
    }
}

BOOST_AUTO_TEST_CASE(uniform01_passes_kolmogorov_smirnov) {
    stream bits(12);
    const auto sample = draws(20000, [&] { return uniform01(bits); });
    BOOST_TEST(stats::kolmogorov_smirnov_test(sample, [](double x) { return x; }).p_value >=
               least_p);
}

// Counts which words map to which value: exactly floor(2^32 / n) words each, the others rejected.
BOOST_AUTO_TEST_CASE(uniform_below_rejects_exactly_the_words_that_would_bias) {
    const std::uint64_t n = 3'000'000'000; // 2^32 mod n = 1294967296: about 30 % of words fail
    stream bits(13), words(13);
    int rejected = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t value = uniform_below(bits, n);
        std::uint64_t word = words.next();
        while (((word * n) & 0xffffffff) < (std::uint64_t{1} << 32) % n) {
            ++rejected;
            word = words.next();
        }
        BOOST_TEST(value == word * n >> 32);
    }
    BOOST_TEST(rejected > 300); // expected 431
    BOOST_TEST(rejected < 600);
}

BOOST_AUTO_TEST_CASE(uniform_below_is_uniform_for_small_and_large_n) {
    for (const std::uint64_t n :
         {std::uint64_t{7}, std::uint64_t{3} << 30, std::uint64_t{3} << 62}) {
        stream bits(14, static_cast<std::uint32_t>(n % 1000));
        const std::size_t cells = n == 7 ? 7 : 6;
        std::vector<std::int64_t> counts(cells);
        for (int i = 0; i < 30000; ++i) {
            const std::uint64_t value = uniform_below(bits, n);
            BOOST_REQUIRE(value < n);
            ++counts[static_cast<std::size_t>(value / (n / cells))];
        }
        BOOST_TEST_CONTEXT("n = " << n) {
            check_law(counts, std::vector<rational>(cells, rational(1, static_cast<int>(cells))));
        }
    }
    stream bits(15);
    BOOST_TEST(uniform_below(bits, 1) == 0u);
    BOOST_CHECK_THROW(uniform_below(bits, 0), std::invalid_argument);
}

// Independent of how the table was made: equal areas in ball arithmetic from the rounded edges.
BOOST_AUTO_TEST_CASE(the_ziggurat_has_256_regions_of_equal_area) {
    const ziggurat& table = normal_ziggurat();
    arb_t x, f, g, area, first;
    for (arb_ptr ball : {x, f, g, area, first})
        arb_init(ball);
    const auto density = [](arb_ptr y, double at) {
        arb_set_d(y, at);
        arb_mul(y, y, y, 128);
        arb_mul_2exp_si(y, y, -1);
        arb_neg(y, y);
        arb_exp(y, y, 128);
    };
    // region 0: strip and tail, by numerical quadrature of the tail beyond edge[1]
    density(f, table.edge[1]);
    arb_set_d(x, table.edge[0]);
    arb_mul(first, x, f, 128);
    double tail = 0;
    const double h = 1e-4;
    for (int i = 0; i < 120000; ++i)
        tail += h * std::exp(-std::pow(table.edge[1] + (i + 0.5) * h, 2) / 2);
    const double strip = table.edge[1] * std::exp(-table.edge[1] * table.edge[1] / 2);
    const double common = arf_get_d(arb_midref(first), ARF_RND_NEAR);
    BOOST_TEST(std::abs(strip + tail - common) < 1e-10);
    for (std::size_t i = 1; i < 256; ++i) {
        density(f, table.edge[i]);
        density(g, table.edge[i + 1]);
        arb_sub(area, g, f, 128);
        arb_set_d(x, table.edge[i]);
        arb_mul(area, area, x, 128);
        arb_sub(area, area, first, 128);
        BOOST_TEST(std::abs(arf_get_d(arb_midref(area), ARF_RND_NEAR)) < 2e-16, "region " << i);
        BOOST_TEST(table.edge[i + 1] < table.edge[i]);
        const rational ratio =
            rational::exactly(table.edge[i + 1]) / rational::exactly(table.edge[i]);
        const rational inner(static_cast<std::int64_t>(table.inner[i]));
        BOOST_TEST((abs(ratio * rational(std::int64_t{1} << 53) - inner) < rational(4)));
        BOOST_TEST(table.unit[i] == std::ldexp(table.edge[i], -53));
        arb_div(g, g, f, 128);
        arb_sub_ui(g, g, 1, 128);
        BOOST_TEST(std::abs(arf_get_d(arb_midref(g), ARF_RND_NEAR) - table.rise[i]) < 4e-15);
        BOOST_TEST((table.rise[i] >= 0.008 && table.rise[i] <= 1.117)); // used in normal.cpp
    }
    BOOST_TEST(table.edge[256] == 0.0);
    for (arb_ptr ball : {x, f, g, area, first})
        arb_clear(ball);
}

BOOST_AUTO_TEST_CASE(normal_passes_kolmogorov_smirnov) {
    stream bits(21);
    const auto sample = draws(100000, [&] { return normal(bits); });
    const auto result = stats::kolmogorov_smirnov_test(sample, normal_cdf);
    BOOST_TEST(result.p_value >= least_p, "D " << result.statistic << ", p " << result.p_value);
}

// Kolmogorov-Smirnov is blind in the tails, chi-square is not: 40 cells, the outermost beyond the
// ziggurat's edge.
BOOST_AUTO_TEST_CASE(normal_passes_chi_square_with_tail_cells) {
    stream bits(22);
    std::vector<double> cuts{-3.9, -3.6541528853610088};
    for (double cut = -3.4; cut < 3.5; cut += 0.2)
        cuts.push_back(cut);
    cuts.push_back(3.6541528853610088);
    cuts.push_back(3.9);
    std::vector<rational> law;
    rational rest(1);
    for (std::size_t i = 0; i < cuts.size(); ++i) { // upper tails on the right: no cancellation
        const double mass = i == 0
                                ? normal_cdf(cuts[0])
                                : (cuts[i] <= 0 ? normal_cdf(cuts[i]) - normal_cdf(cuts[i - 1])
                                                : normal_cdf(-cuts[i - 1]) - normal_cdf(-cuts[i]));
        law.push_back(rational::exactly(mass));
        rest -= law.back();
    }
    law.push_back(rest);
    std::vector<std::int64_t> counts(law.size());
    for (int i = 0; i < 1000000; ++i) {
        const double x = normal(bits);
        ++counts[static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), x) -
                                          cuts.begin())];
    }
    check_law(counts, law);
}

// A low start makes the test sharp: at normal's own 3.65 the tail is nearly exponential.
BOOST_AUTO_TEST_CASE(the_tail_passes_kolmogorov_smirnov) {
    for (const double start : {0.25, 1.0, normal_ziggurat().edge[1]}) {
        stream bits(23);
        const auto sample = draws(20000, [&] { return normal_tail(bits, start); });
        const auto result = stats::kolmogorov_smirnov_test(
            sample, [&](double x) { return 1 - normal_cdf(-x) / normal_cdf(-start); });
        BOOST_TEST(result.p_value >= least_p, "start " << start << ", D " << result.statistic);
    }
    stream bits(23);
    BOOST_CHECK_THROW(normal_tail(bits, 0), std::invalid_argument);
}

// Exact oracle: the series to degree 30 in rationals, remainder below 1e-36.
BOOST_AUTO_TEST_CASE(the_wedge_series_is_accurate_to_its_documented_bound) {
    stream bits(26);
    for (int i = 0; i < 500; ++i) {
        const double t = i == 0 ? 0.75 : 0.75 * std::ldexp(uniform01(bits), -(i % 20));
        const rational x = rational::exactly(t);
        rational sum;
        for (int n = 30; n >= 1; --n)
            sum = x / rational(n) * (rational(1) + sum);
        const rational error = abs(rational::exactly(expm1_series(t)) - sum);
        BOOST_TEST((error <= sum / rational(std::int64_t{1} << 51)), "t " << t);
    }
}

BOOST_AUTO_TEST_CASE(exponential_passes_kolmogorov_smirnov) {
    stream bits(24);
    const auto sample = draws(50000, [&] { return exponential(bits); });
    const auto result =
        stats::kolmogorov_smirnov_test(sample, [](double x) { return -std::expm1(-x); });
    BOOST_TEST(result.p_value >= least_p, "D " << result.statistic << ", p " << result.p_value);
}

BOOST_AUTO_TEST_CASE(filling_equals_drawing_one_by_one) {
    stream one(25), many(25);
    std::vector<double> filled(1000);
    fill_normal(many, filled);
    for (const double x : filled)
        BOOST_TEST(x == normal(one));
}

BOOST_AUTO_TEST_CASE(the_alias_table_draws_from_exactly_the_given_law) {
    std::vector<std::vector<rational>> laws{
        rationals({"1"}),
        rationals({"0", "1", "0"}),
        rationals({"1/2", "1/2"}),
        rationals({"1/3", "1/3", "1/3"}),
        rationals({"0.1", "0.2", "0.3", "0.4"}),
        rationals({"999999999999/1000000000000", "1/1000000000000"}),
        rationals({"1/18446744073709551616", "18446744073709551615/18446744073709551616"}),
        rationals({"1/1000000000000000000000000000057", "0",
                   "1000000000000000000000000000056/1000000000000000000000000000057"})};
    stream bits(31);
    for (std::size_t n = 1; n < 60; ++n)
        laws.push_back(random_law(bits, n, 1'000'000'000'000));
    for (const auto& law : laws)
        BOOST_TEST((discrete(law).law() == law), "size " << law.size() << ", first " << law[0]);
}

BOOST_AUTO_TEST_CASE(drawing_reproduces_the_law) {
    const auto law = rationals({"0.1", "0", "0.25", "0.05", "0.6"});
    const discrete sampler(law);
    stream bits(32);
    std::vector<std::int64_t> counts(law.size());
    for (int i = 0; i < 100000; ++i)
        ++counts[sampler(bits)];
    BOOST_TEST(counts[1] == 0);
    check_law(counts, law);
}

// A tie of 32 digits is rare; here the law is made from the words to come. Column 0 of two is kept
// with probability p = 0.w1 w2 ... in base 2^32, w the words that will be drawn.
BOOST_AUTO_TEST_CASE(ties_are_decided_by_the_digits_that_follow) {
    for (std::uint32_t id = 0; id < 20; ++id) {
        stream words(33, id);
        if (words.next() >> 31) continue; // uniform_below(bits, 2) takes the top bit: column 0
        const rational base(std::int64_t{1} << 32);
        const rational w1(static_cast<std::int64_t>(words.next()));
        const rational w2(static_cast<std::int64_t>(words.next()));
        const rational w3(static_cast<std::int64_t>(words.next()));
        const rational tie = (w1 + (w2 + w3 / base) / base) / base;
        const rational step = rational(1) / (base * base * base);
        const auto draw = [&](const rational& p, int words_used) {
            const discrete sampler(
                std::vector<rational>{p / rational(2), rational(1) - p / rational(2)});
            stream bits(33, id), reference(33, id);
            const auto result = sampler(bits);
            for (int i = 0; i < words_used; ++i)
                reference.next();
            BOOST_TEST(bits.next() == reference.next(), "words used");
            return result;
        };
        BOOST_TEST_CONTEXT("stream " << id << ", tie " << tie) {
            BOOST_TEST(draw(tie + step, 4) == 0u); // word < p, seen at the third digit
            BOOST_TEST(draw(tie - step, 4) == 1u);
            BOOST_TEST(draw(tie + rational(1) / (base * base), 3) == 0u);
            BOOST_TEST(draw(tie - rational(1) / (base * base), 3) == 1u);
            BOOST_TEST(draw(tie, 5) == 1u); // equal so far, the rest of p is 0
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_laws_are_refused_with_the_reason) {
    const auto says = [](const char* text) {
        return [text](const std::invalid_argument& e) {
            return std::string(e.what()).find(text) != std::string::npos;
        };
    };
    BOOST_CHECK_EXCEPTION(discrete({}), std::invalid_argument, says("got 0"));
    BOOST_CHECK_EXCEPTION(discrete(rationals({"1/2", "1/3"})), std::invalid_argument, says("5/6"));
    BOOST_CHECK_EXCEPTION(discrete(rationals({"3/2", "-1/2"})), std::invalid_argument,
                          says("-1/2 at index 1"));
    stream bits(1);
    BOOST_CHECK_THROW(random_rational(bits, -1, 5), std::invalid_argument);
    BOOST_CHECK_THROW(random_rational(bits, std::int64_t{1} << 62, 5), std::invalid_argument);
    BOOST_CHECK_THROW(random_rational(bits, 5, 0), std::invalid_argument);
    BOOST_CHECK_THROW(random_law(bits, 0, 5), std::invalid_argument);
    BOOST_CHECK_THROW(random_law(bits, 3, 0), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(random_instances_follow_their_law) {
    stream bits(34);
    // p / q with |p| <= 1, q <= 2: -1, -1/2, 0, 1/2, 1 with weights 1, 1, 2, 1, 1 of 6.
    std::vector<std::int64_t> counts(5);
    for (int i = 0; i < 30000; ++i)
        ++counts[static_cast<std::size_t>(
            (random_rational(bits, 1, 2) * rational(2) + rational(2)).to_int64())];
    check_law(counts, rationals({"1/6", "1/6", "1/3", "1/6", "1/6"}));
    for (int i = 0; i < 100; ++i) {
        rational sum;
        for (const rational& p : random_law(bits, 5, 100)) {
            BOOST_TEST((p.sign() > 0));
            sum += p;
        }
        BOOST_TEST((sum == rational(1)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
