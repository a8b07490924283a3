#include <boost/test/unit_test.hpp>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

namespace {

const scaled& grounds(const decision& d) { return std::get<scaled>(d.result.grounds()); }

} // namespace

BOOST_AUTO_TEST_SUITE(scaling_engine_test)

BOOST_AUTO_TEST_CASE(a_known_power_law_is_supported_with_points_slope_and_band) {
    const decision d = decide(small::noise_law(), small::at_home());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::supported), d.result.summary());
    const scaled& e = grounds(d);
    BOOST_TEST(e.moment == "root mean square");
    BOOST_TEST(e.parameter == "n");
    BOOST_TEST(e.band_lower == "-3/5");
    BOOST_TEST(e.band_upper == "-2/5");
    BOOST_TEST(e.draws == 4000u);
    BOOST_TEST(e.method == "Student");
    BOOST_TEST(std::stod(e.lower) < -0.5);
    BOOST_TEST(-0.5 < std::stod(e.upper));
    BOOST_REQUIRE(e.points.size() == 4u);
    double n = 1;
    for (const scaled::point& p : e.points) { // the exact value is n^-1/2
        BOOST_TEST(std::stod(p.value) == n);
        BOOST_TEST(std::stod(p.lower) < 1 / std::sqrt(n));
        BOOST_TEST(1 / std::sqrt(n) < std::stod(p.upper));
        BOOST_TEST(std::stod(p.lower) < std::stod(p.moment));
        BOOST_TEST(std::stod(p.moment) < std::stod(p.upper));
        n *= 4;
    }
    BOOST_TEST(!d.proof.covers.has_value());
    BOOST_TEST(d.proof.kind == "sample");
}

BOOST_AUTO_TEST_CASE(the_slope_is_that_of_least_squares_and_its_interval_holds_all_corners) {
    const scaled e = grounds(decide(small::noise_law(), small::at_home()));
    // Weights of four equally spaced points: (-3, -1, 1, 3) / (10 log 4) for the slope.
    const double weight[] = {-0.3, -0.1, 0.1, 0.3};
    double slope = 0, lower = 0, upper = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const double w = weight[i] / std::log(4.0);
        const double low = std::log(std::stod(e.points[i].lower)),
                     high = std::log(std::stod(e.points[i].upper));
        slope += w * std::log(std::stod(e.points[i].moment));
        lower += w * (w > 0 ? low : high);
        upper += w * (w > 0 ? high : low);
    }
    BOOST_TEST(std::abs(slope - std::stod(e.slope)) < 1e-6);
    BOOST_TEST(std::abs(lower - std::stod(e.lower)) < 1e-6);
    BOOST_TEST(std::abs(upper - std::stod(e.upper)) < 1e-6);
}

BOOST_AUTO_TEST_CASE(each_point_takes_its_share_of_the_level) {
    const scaling law = small::noise_law();
    scaling one = law, four = law;
    one.values = {1, 64};
    one.level = law.level / 2; // two points at level / 4 each, as four points at level / 4
    const scaled few = grounds(decide(one, small::at_home())),
                 many = grounds(decide(four, small::at_home()));
    BOOST_TEST(few.points.front().lower == many.points.front().lower);
    BOOST_TEST(few.points.back().upper == many.points.back().upper);
}

BOOST_AUTO_TEST_CASE(a_wrong_band_is_contradicted_and_never_refuted) {
    for (const rational& exponent : {rational(-1), rational(0)})
        BOOST_TEST((decide(small::noise_law(exponent), small::at_home()).result.result() ==
                    outcome::contradicted));
    scaling mean = small::mean_law("mean", rational(-1, 2));
    mean.values = {1, 2, 4};
    BOOST_TEST((decide(mean, small::at_home()).result.result() == outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(means_scale_with_their_sign) {
    scaling mean = small::mean_law("mean");
    mean.values = {1, 2, 4};
    mean.draws = 20000;
    BOOST_TEST((decide(mean, small::at_home()).result.result() == outcome::supported));
    scaling negative = small::mean_law("signed", rational(0));
    negative.values = {400, 800, 1600}; // 1 / n - 1/20 is nearly constant there
    const decision d = decide(negative, small::at_home());
    BOOST_TEST((d.result.result() == outcome::supported), d.result.summary());
    BOOST_TEST(std::stod(grounds(d).points.front().upper) < 0);
}

BOOST_AUTO_TEST_CASE(too_few_draws_are_undecided_and_say_how_many_are_needed) {
    scaling few = small::noise_law();
    few.draws = 400;
    const decision d = decide(few, small::at_home());
    BOOST_TEST_REQUIRE((d.result.result() == outcome::undecided), d.result.summary());
    BOOST_TEST(mentions(d.result.reason(), "crosses an edge of [-3/5, -2/5]"), d.result.reason());
    BOOST_TEST(mentions(d.result.cure(), "needs about"), d.result.cure());
    BOOST_TEST(mentions(d.result.cure(), "draws at each value"), d.result.cure());
    const double needed = std::stod(d.result.cure().substr(std::string("needs about ").size()));
    BOOST_TEST(400 < needed);
    few.draws = static_cast<std::uint64_t>(2 * needed);
    BOOST_TEST((decide(few, small::at_home()).result.result() == outcome::supported));
    few.draws = 400;
    engine_context larger = small::at_home();
    larger.level = profile::full;
    BOOST_TEST(grounds(decide(few, larger)).draws == 4000u);
}

BOOST_AUTO_TEST_CASE(a_mean_that_may_be_zero_is_undecided) {
    scaling noise = small::mean_law("noise");
    const decision d = decide(noise, small::at_home());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "contains 0"), d.result.reason());
    BOOST_TEST(mentions(d.result.cure(), "needs"), d.result.cure());
    BOOST_TEST(grounds(d).slope.empty());
    BOOST_TEST(grounds(d).points.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_mean_that_changes_sign_is_undecided_whatever_the_draws) {
    for (const std::uint64_t draws : {1000U, 20000U}) {
        scaling across = small::mean_law("signed");
        across.values = {2, 8, 40, 200};
        across.draws = draws;
        const decision d = decide(across, small::at_home());
        BOOST_TEST_REQUIRE((d.result.result() == outcome::undecided), d.result.summary());
        BOOST_TEST(mentions(d.result.reason(), "no power law"), d.result.reason());
    }
}

BOOST_AUTO_TEST_CASE(frequencies_get_intervals_that_hold_for_every_number_of_draws) {
    scaling coin = small::mean_law("coin");
    coin.values = {2, 4, 8};
    coin.lower = rational(-5, 4);
    coin.upper = rational(-3, 4);
    const decision d = decide(coin, small::at_home());
    BOOST_TEST((d.result.result() == outcome::supported), d.result.summary());
    BOOST_TEST(grounds(d).method == "Clopper-Pearson");
}

BOOST_AUTO_TEST_CASE(draws_without_spread_are_no_evidence) {
    const decision d = decide(small::mean_law("always"), small::at_home());
    BOOST_TEST((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "no spread"), d.result.reason());
}

BOOST_AUTO_TEST_CASE(every_value_is_drawn_anew) {
    // Common draws would make the ratios of all points exact.
    const scaled e = grounds(decide(small::noise_law(), small::at_home()));
    BOOST_TEST(std::abs(std::stod(e.points[0].moment) / std::stod(e.points[1].moment) - 2) > 1e-6);
}

BOOST_AUTO_TEST_CASE(the_bits_do_not_depend_on_the_number_of_threads) {
    const auto with_threads = [](int threads) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(threads));
        tbb::task_arena arena(threads);
        std::string seen;
        arena.execute(
            [&] { seen = decide(small::noise_law(), small::at_home()).result.summary(); });
        return seen;
    };
    const std::string one = with_threads(1);
    BOOST_TEST(with_threads(2) == one);
    BOOST_TEST(with_threads(7) == one);
}

BOOST_AUTO_TEST_CASE(the_users_parameters_reach_the_experiment_but_not_the_ladder) {
    scaling mean = small::mean_law("mean");
    mean.values = {1, 2, 4};
    engine_context quiet = small::at_home();
    quiet.set = arguments().set("spread", rational(1, 1000));
    const scaled e = grounds(decide(mean, quiet));
    BOOST_TEST(std::stod(e.upper) - std::stod(e.lower) < 1e-3);
    engine_context ladder = small::at_home();
    ladder.set = arguments().set("n", rational(5));
    const decision d = decide(mean, ladder);
    BOOST_TEST((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "cannot be set"), d.result.reason());
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error_that_names_the_rule) {
    const auto reason = [](const scaling& s) {
        const decision d = decide(s, small::at_home());
        BOOST_TEST((d.result.result() == outcome::error), d.result.summary());
        return d.result.reason();
    };
    scaling s = small::noise_law();
    s.values = {4};
    BOOST_TEST(mentions(reason(s), "two or more positive, increasing values of n, got 1"));
    s.values = {4, 4};
    BOOST_TEST(mentions(reason(s), "increasing"));
    s.values = {0, 4};
    BOOST_TEST(mentions(reason(s), "positive"));
    s = small::noise_law();
    s.parameter = "m";
    BOOST_TEST(mentions(reason(s), "no parameter m"));
    s = small::noise_law();
    s.lower = rational(1);
    BOOST_TEST(mentions(reason(s), "lower <= upper"));
    s = small::noise_law();
    s.statistic = "colour";
    BOOST_TEST(mentions(reason(s), "no statistic colour"));
    s = small::noise_law();
    s.experiment = "small.coin";
    BOOST_TEST(mentions(reason(s), "it has small.die, small.powers"));
    s = small::noise_law();
    s.draws = 1;
    BOOST_TEST(mentions(reason(s), "need 2 to 2^53 draws"));
    s = small::noise_law();
    s.level = 0;
    reason(s);
}

BOOST_AUTO_TEST_SUITE_END()
