#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "numerics/scalar/ball.hpp"
#include "numerics/scalar/evaluate.hpp"
#include "tests/support/random_tape.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::support;

BOOST_AUTO_TEST_SUITE(ball_test)

BOOST_AUTO_TEST_CASE(operations_on_members_stay_in_the_ball) {
    std::mt19937_64 rng(seed(11));
    for (const std::int64_t bits : {2, 30, 53, 128})
        for (int trial = 0; trial < trials(800); ++trial) {
            const rational x = random_rational(rng), y = random_rational(rng);
            const rational wide = abs(small_nonzero(rng));
            // Thin balls around the constant, wide ones with it somewhere inside.
            const ball X = trial % 2 == 0 ? ball(x, bits) : ball::hull(x - wide, x + 2, bits);
            const ball Y = trial % 3 == 0 ? ball::hull(y, y + wide, bits) : ball(y, bits);
            const auto n = static_cast<std::int64_t>(rng() % 9) - 4;
            BOOST_TEST_CONTEXT("bits " << bits << ", trial " << trial << ", x = " << x
                                       << ", y = " << y << ", n = " << n) {
                BOOST_TEST(X.contains(x));
                BOOST_TEST((X + Y).contains(x + y));
                BOOST_TEST((X - Y).contains(x - y));
                BOOST_TEST((X * Y).contains(x * y));
                BOOST_TEST((-X).contains(-x));
                BOOST_TEST(abs(X).contains(abs(x)));
                if (!y.is_zero()) BOOST_TEST((X / Y).contains(x / y));
                if (n >= 0 || !x.is_zero()) BOOST_TEST(power(X, n).contains(power(x, n)));
                if (x.sign() >= 0) {
                    BOOST_TEST(sqrt(X * X).contains(x));
                    BOOST_TEST(power(sqrt(X), 2).contains(x));
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(whole_formulas_contain_the_rational_result) {
    std::mt19937_64 rng(seed(12));
    int compared = 0;
    for (int trial = 0; trial < trials(300); ++trial) {
        const tape t = random_tape(rng, 12, vocabulary::rational_function);
        std::vector<rational> at;
        for (int i = 0; i < 3; ++i)
            at.push_back(small_nonzero(rng));
        std::vector<rational> exact;
        try {
            exact = evaluate(t, at);
        } catch (const std::domain_error&) {
            continue; // a division by 0
        }
        for (const std::int64_t bits : {30, 53, 128}) {
            std::vector<ball> inputs;
            for (const rational& q : at)
                inputs.emplace_back(q, bits);
            const auto result = evaluate(t, inputs, embed<ball>{bits});
            for (std::size_t i = 0; i < exact.size(); ++i, ++compared)
                BOOST_TEST(result[i].contains(exact[i]), "trial " << trial << ", bits " << bits
                                                                  << ": " << result[i] << " misses "
                                                                  << exact[i] << " of\n"
                                                                  << t.text());
        }
    }
    BOOST_TEST(compared > 500);
}

BOOST_AUTO_TEST_CASE(printed_text_covers_the_ball) {
    std::mt19937_64 rng(seed(13));
    for (int trial = 0; trial < trials(1500); ++trial) {
        const std::int64_t bits = 2 + static_cast<std::int64_t>(rng() % 120);
        const rational x = random_rational(rng);
        const ball X =
            trial % 2 == 0 ? ball(x, bits) : ball::hull(x, x + abs(random_rational(rng)), bits);
        const int digits = static_cast<int>(rng() % 30) + 1;
        const std::string text = X.str(digits);
        const auto sign = text.find(" +/- ");
        const rational centre = rational::parse(text.substr(0, sign));
        const rational radius =
            sign == std::string::npos ? rational(0) : rational::parse(text.substr(sign + 5));
        BOOST_TEST_CONTEXT("trial " << trial << ", " << text) {
            BOOST_TEST((centre - radius <= X.lower()));
            BOOST_TEST((centre + radius >= X.upper()));
            // Nor does it overstate by more than the digits and the radius's last digit ask for.
            BOOST_TEST((radius <= (X.radius() + abs(centre - X.midpoint())) * rational(102, 100)));
        }
    }
    BOOST_TEST(ball(7).str(3) == "7");
    BOOST_TEST((ball(1) / ball(rational(0), 53)).str(5) == "not finite");
}

BOOST_AUTO_TEST_CASE(radii_of_any_exponent_are_printed) {
    // Text "c +/- m e k", the radius within a hundredth of what it must cover.
    const auto covers = [](const ball& x, int digits) {
        const std::string text = x.str(digits);
        const auto sign = text.find(" +/- "), e = text.rfind('e');
        const rational centre = rational::parse(text.substr(0, sign));
        const rational radius = rational::parse(text.substr(sign + 5, e - sign - 5)) *
                                power(rational(10), std::stoll(text.substr(e + 1)));
        const rational need = x.radius() + abs(centre - x.midpoint());
        BOOST_TEST((need <= radius && radius <= need * rational(102, 100)), text.substr(e));
    };
    for (const int exponent : {1 << 21, 1 << 22, 1 << 23, 1 << 24}) {
        const ball tiny = power(ball(rational(2), 53), -exponent);
        covers(ball::hull(rational(-1), rational(1), 53) * tiny, 20);
        if (exponent < 1 << 23) covers(ball(rational(1), 2 * exponent) + tiny, 20); // exact
    }
    covers(ball(rational(1, 3), 3'400'000), 1'001'000); // the text misses by 10^-1001000
}

BOOST_AUTO_TEST_CASE(balls_that_are_not_finite_or_huge_are_printed_and_compared) {
    const ball zero(rational(0), 53), one(rational(1), 53);
    const ball huge = power(ball(rational(2), 53), std::int64_t{1} << 62);
    const ball unbounded = one + exp(huge * huge); // 1 +/- infinity
    for (const ball& x : {one / zero, zero / zero, one / ball(0), zero * (one / zero), unbounded,
                          unbounded - unbounded, one / unbounded}) {
        for (const int digits : {1, 20, 1000, 4'000'000})
            BOOST_TEST(x.str(digits) == "not finite");
        BOOST_CHECK_THROW(x.radius(), std::domain_error);
        BOOST_CHECK_THROW(x.lower(), std::domain_error);
        BOOST_CHECK_THROW(x.upper(), std::domain_error);
        BOOST_TEST((less(x, one) == truth::unknown));
        BOOST_TEST((equal(x, x) == truth::unknown));
        BOOST_TEST(x.contains(rational(1, 3)));
        BOOST_TEST(x.overlaps(one));
        BOOST_TEST(!one.contains(x));
    }
    BOOST_CHECK_THROW(ball(1) / ball(0), std::domain_error); // integers without precision
    const ball beyond = huge * huge;                         // 2^(2^63)
    BOOST_TEST(beyond.str(3).starts_with("[1.38e+2776511644261678566"), beyond.str(3));
    BOOST_TEST((one / beyond).str(3).ends_with("]"));
    BOOST_TEST((less(one, beyond) == truth::yes));
    BOOST_CHECK_THROW(beyond.midpoint(), std::domain_error);
}

BOOST_AUTO_TEST_CASE(digits_that_no_text_can_have_are_refused_for_every_ball) {
    const ball one(rational(1), 53);
    for (const ball& x : {ball(0), one / ball(3), one / ball(0), exp(one * 1'000'000'000)})
        for (const int digits :
             {std::numeric_limits<int>::min(), -1, 0, 4'000'001, std::numeric_limits<int>::max()})
            BOOST_CHECK_EXCEPTION(x.str(digits), std::invalid_argument, [&](const auto& e) {
                return std::string(e.what()) ==
                       "ball::str: need 1 <= digits <= 4000000, got " + std::to_string(digits);
            });
}

BOOST_AUTO_TEST_CASE(the_larger_precision_holds_and_constants_adopt_it) {
    const ball x(rational(1, 3), 40), y(rational(1, 7), 200);
    BOOST_TEST((x + y).bits() == 200);
    BOOST_TEST((y * x).bits() == 200);
    BOOST_TEST((x + 1).bits() == 40);
    BOOST_TEST((rational(1, 3) * x).bits() == 40);
    BOOST_TEST((ball(3) * x).bits() == 40);
    BOOST_TEST(ball(3).bits() == 0);
    BOOST_TEST(sqrt(y).bits() == 200);
    BOOST_TEST(x.with_bits(90).bits() == 90);
    BOOST_TEST(x.with_bits(90).contains(rational(1, 3)));
    BOOST_TEST((rational(1, 3) * y).contains(rational(1, 21)));
    BOOST_TEST((rational(1, 3) * y).relative_accuracy_bits() > 190);
    for (const std::int64_t bits : {-1, 0, 1, (1 << 24) + 1})
        BOOST_CHECK_THROW(ball(rational(1), bits), std::invalid_argument);
    BOOST_CHECK_THROW(ball::hull(rational(2), rational(1), 53), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(integers_without_precision_are_exact_and_refuse_to_round) {
    const ball big = power(ball(3), 200);
    BOOST_TEST(big.is_exact());
    BOOST_TEST(big.midpoint() == power(rational(3), 200));
    BOOST_TEST((big * big - power(ball(9), 200)).midpoint() == 0);
    BOOST_TEST((ball(5) / ball(-1)).midpoint() == -5);
    BOOST_TEST((ball(5) / 1).midpoint() == 5);
    BOOST_CHECK_THROW(ball(1) / ball(3), std::domain_error);
    BOOST_CHECK_THROW(ball(1) / 3, std::domain_error);
    BOOST_CHECK_THROW(ball(1) + rational(1, 3), std::domain_error);
    BOOST_CHECK_THROW(power(ball(2), -1), std::domain_error);
    BOOST_CHECK_THROW(power(ball(3), std::int64_t{1} << 50), std::domain_error);
    BOOST_CHECK_EXCEPTION(sqrt(ball(2)), std::domain_error, [](const std::domain_error& e) {
        return std::string(e.what()).find("sqrt of the exact integer 2") != std::string::npos;
    });
    BOOST_TEST(ball(1).with_bits(60).bits() == 60);
}

BOOST_AUTO_TEST_CASE(outside_the_domain_the_result_is_not_finite_and_says_nothing) {
    const ball zero(rational(0), 53), minus(rational(-1), 53),
        around = ball::hull(rational(-1), rational(1), 53);
    for (const ball& x : {ball(1) / zero, ball(1) / around, sqrt(minus), log(zero), log(minus),
                          log(around), power(around, -2), exp(ball(1) / zero)}) {
        BOOST_TEST(!x.is_finite());
        BOOST_TEST((less(x, ball(0)) == truth::unknown));
        BOOST_TEST((less(ball(0), x) == truth::unknown));
        BOOST_TEST((equal(x, x) == truth::unknown));
        BOOST_CHECK_THROW(x.midpoint(), std::domain_error);
        BOOST_CHECK_THROW(x.lower(), std::domain_error);
        BOOST_TEST(!(x * zero).is_finite());
    }
}

BOOST_AUTO_TEST_CASE(order_is_yes_no_or_unknown) {
    const auto hull = [](int low, int high) {
        return ball::hull(rational(low), rational(high), 53);
    };
    BOOST_TEST((less(hull(0, 1), hull(2, 3)) == truth::yes));
    BOOST_TEST((less(hull(2, 3), hull(0, 1)) == truth::no));
    BOOST_TEST((less(hull(0, 2), hull(1, 3)) == truth::unknown));
    BOOST_TEST((less(ball(1), ball(1)) == truth::no));
    BOOST_TEST((equal(ball(1), ball(1)) == truth::yes));
    BOOST_TEST((equal(hull(0, 1), hull(0, 1)) == truth::unknown));
    BOOST_TEST((equal(hull(0, 1), hull(2, 3)) == truth::no));
    BOOST_TEST(hull(0, 4).contains(hull(1, 2)));
    BOOST_TEST(!hull(1, 2).contains(hull(0, 4)));
    BOOST_TEST(hull(0, 2).overlaps(hull(1, 4)));
    BOOST_TEST(hull(-1, 1).contains_zero());
}

BOOST_AUTO_TEST_CASE(even_powers_around_zero_stay_near_their_range) {
    const ball x = ball::hull(rational(-1), rational(1), 53);
    const ball square = power(x, 2);
    BOOST_TEST(square.contains(rational(0)));
    BOOST_TEST(square.contains(rational(1)));
    BOOST_TEST((square.lower() >= rational(-1, 1000000)));
    BOOST_TEST((square.upper() <= rational(1000001, 1000000)));
}

BOOST_AUTO_TEST_CASE(elementary_functions_contain_values_known_to_60_digits) {
    // OEIS A001113, A002162, A000796, A002193; sin 1 and cos 1 are A049469 and A049470.
    const auto check = [](const ball& x, const char* digits) {
        const rational q = rational::parse(digits), unit = power(rational(10), -58);
        BOOST_TEST_CONTEXT(digits << " against " << x) {
            BOOST_TEST((x.lower() <= q + unit && x.upper() >= q - unit));
            BOOST_TEST((x.radius() < power(rational(10), -50)));
        }
    };
    const ball one(rational(1), 200), two(rational(2), 200);
    check(exp(one), "2.71828182845904523536028747135266249775724709369995957496697");
    check(log(two), "0.693147180559945309417232121458176568075500134360255254120680");
    check(ball::pi(200), "3.14159265358979323846264338327950288419716939937510582097494");
    check(sqrt(two), "1.41421356237309504880168872420969807856967187537694807317668");
    check(sin(one), "0.841470984807896506652502321630298999622563060798371065672752");
    check(cos(one), "0.540302305868139717400936607442976603732310420617922227670098");
}

BOOST_AUTO_TEST_CASE(threads_compute_the_same_bits) {
    const auto work = [] {
        ball x(rational(1, 3), 200);
        for (int i = 0; i < 50; ++i)
            x = sin(exp(x) + ball::pi(200) / 7);
        return x.str(60);
    };
    std::vector<std::string> results(3);
    std::vector<std::thread> threads;
    for (auto& result : results)
        threads.emplace_back([&result, &work] {
            result = work();
            release_thread_caches();
        });
    for (auto& thread : threads)
        thread.join();
    for (const auto& result : results)
        BOOST_TEST(result == work());
}

BOOST_AUTO_TEST_CASE(digits_asked_are_covered_by_the_bits_given) {
    for (const int digits : {1, 15, 40, 1000, 4000000})
        BOOST_TEST(static_cast<double>(bits_for_digits(digits)) * 0.30102999 >= digits + 9);
    BOOST_CHECK_THROW(bits_for_digits(0), std::invalid_argument);
    BOOST_CHECK_THROW(bits_for_digits(4000001), std::invalid_argument);
    static_assert(!std::is_constructible_v<ball, double> && !std::is_constructible_v<ball, bool>);
    static_assert(!std::totally_ordered<ball>);
}

BOOST_AUTO_TEST_CASE(numbers_too_large_for_a_rational_throw_and_do_not_abort) {
    const ball large = exp(exp(ball(rational(60), 256))), small = 1 / large;
    BOOST_REQUIRE(large.is_finite());
    BOOST_REQUIRE(small.is_finite());
    for (const ball& x : {large, small, -large}) {
        BOOST_CHECK_THROW(x.lower(), std::domain_error);
        BOOST_CHECK_THROW(x.midpoint(), std::domain_error);
    }
    BOOST_TEST(!large.overlaps(small));
    BOOST_TEST(!large.contains(rational(1)));
    BOOST_TEST((less(small, large) == truth::yes));
}

BOOST_AUTO_TEST_SUITE_END()
