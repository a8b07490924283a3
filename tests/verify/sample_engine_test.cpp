#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

BOOST_AUTO_TEST_SUITE(sample_engine_test)

BOOST_AUTO_TEST_CASE(a_true_mean_is_supported_with_interval_seed_and_method) {
    const decision d = decide(small::mean_points(), small::at_home());
    BOOST_REQUIRE((d.result.result() == outcome::supported));
    const auto& e = std::get<sampled>(d.result.grounds());
    BOOST_TEST(e.expected == "7/2");
    BOOST_TEST(e.draws == 4000u);
    BOOST_TEST(e.seed == 1u);
    BOOST_TEST(e.method == "Student");
    BOOST_TEST(std::stod(e.lower) < 3.5);
    BOOST_TEST(3.5 < std::stod(e.upper));
    BOOST_TEST(!d.proof.covers.has_value());
}

BOOST_AUTO_TEST_CASE(a_false_twin_is_contradicted_and_never_refuted) {
    BOOST_TEST((decide(small::mean_points(-1), small::at_home()).result.result() ==
                outcome::contradicted));
    BOOST_TEST((decide(small::ones(rational(2)), small::at_home()).result.result() ==
                outcome::contradicted));
}

BOOST_AUTO_TEST_CASE(frequencies_get_an_interval_that_holds_for_every_number_of_draws) {
    const decision d = decide(small::ones(), small::at_home());
    BOOST_REQUIRE((d.result.result() == outcome::supported));
    BOOST_TEST(std::get<sampled>(d.result.grounds()).method == "Clopper-Pearson");
}

BOOST_AUTO_TEST_CASE(an_interval_across_the_edge_is_undecided_and_says_how_many_draws) {
    sample s = small::mean_points();
    s.tolerance = rational(1, 100);
    const decision d = decide(s, small::at_home());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.cure(), "needs about"), d.result.cure());
    engine_context paper_profile = small::at_home();
    paper_profile.level = profile::paper;
    const decision more = decide(s, paper_profile);
    BOOST_TEST((more.result.result() == outcome::supported), more.result.summary());
    BOOST_TEST(std::get<sampled>(more.result.grounds()).draws == 400000u);
}

BOOST_AUTO_TEST_CASE(draws_without_spread_are_no_evidence) {
    sample s = small::mean_points();
    s.statistic = "always";
    s.expected = [](const arguments&) {
        matrix<rational> m(1, 1);
        m(0, 0) = rational(1, 2);
        return m;
    };
    const decision d = decide(s, small::at_home());
    BOOST_TEST((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "no spread"));
}

BOOST_AUTO_TEST_CASE(the_bits_do_not_depend_on_the_number_of_threads) {
    const auto with_threads = [](int threads) {
        const tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(threads));
        tbb::task_arena arena(threads);
        std::string seen;
        arena.execute([&] {
            const decision d = decide(small::mean_points(), small::at_home());
            const auto& e = std::get<sampled>(d.result.grounds());
            seen = e.mean + " " + e.lower + " " + e.upper;
        });
        return seen;
    };
    const std::string one = with_threads(1);
    BOOST_TEST(with_threads(2) == one);
    BOOST_TEST(with_threads(7) == one);
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_draws) {
    engine_context other = small::at_home();
    other.seed = 2;
    BOOST_TEST(
        std::get<sampled>(decide(small::mean_points(), other).result.grounds()).mean !=
        std::get<sampled>(decide(small::mean_points(), small::at_home()).result.grounds()).mean);
}

BOOST_AUTO_TEST_CASE(the_users_parameters_reach_experiment_and_expectation) {
    engine_context c = small::at_home();
    c.set = arguments().set("sides", rational(20));
    const decision d = decide(small::mean_points(), c);
    BOOST_REQUIRE((d.result.result() == outcome::supported));
    BOOST_TEST(std::get<sampled>(d.result.grounds()).expected == "21/2");
    c.set = arguments().set("sides", rational(1));
    const decision bad = decide(small::mean_points(), c);
    BOOST_TEST((bad.result.result() == outcome::error));
    BOOST_TEST(mentions(bad.result.reason(), "sides must be an integer in [2, 1000], got 1"));
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error_that_names_what_is_missing) {
    sample unknown = small::mean_points();
    unknown.experiment = "small.coin";
    const decision d = decide(unknown, small::at_home());
    BOOST_TEST((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "small.coin"));
    BOOST_TEST(mentions(d.result.reason(), "small.die"));
    sample statistic = small::mean_points();
    statistic.statistic = "colour";
    BOOST_TEST((decide(statistic, small::at_home()).result.result() == outcome::error));
    sample zero = small::mean_points(-6); // the expected mean is 0: no relative tolerance
    BOOST_TEST((decide(zero, small::at_home()).result.result() == outcome::error));
    BOOST_TEST((decide(small::mean_points(), small::quick()).result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(draws_that_are_not_numbers_are_an_error) {
    paper p = small::make_paper();
    p.experiments[0].prepare = [](const arguments&) -> experiment::draw {
        return [](std::uint64_t, std::uint64_t index, double* out) {
            out[0] = index == 77 ? std::nan("") : 3.5 + 0.1 * (index % 2 == 0 ? 1 : -1);
        };
    };
    engine_context c;
    c.from = &p;
    BOOST_TEST((decide(small::mean_points(), c).result.result() == outcome::error));
}

BOOST_AUTO_TEST_CASE(the_stop_flag_ends_the_draws) {
    paper p = small::make_paper();
    std::atomic<bool> stop{false};
    p.experiments[0].prepare = [&stop](const arguments&) -> experiment::draw {
        return [&stop](std::uint64_t, std::uint64_t index, double* out) {
            out[0] = 0;
            if (index == 1000) stop = true;
        };
    };
    engine_context c;
    c.from = &p;
    c.stop = &stop;
    BOOST_CHECK_THROW(decide(small::mean_points(), c), interrupted);
}

BOOST_AUTO_TEST_CASE(a_draw_that_fails_is_reported_alike_by_any_number_of_threads) {
    paper p = small::make_paper();
    p.experiments[0].prepare = [](const arguments&) -> experiment::draw {
        return [](std::uint64_t, std::uint64_t index, double* out) {
            if (index >= 100) throw std::runtime_error("draw " + std::to_string(index));
            out[0] = static_cast<double>(index);
        };
    };
    engine_context c = small::at_home();
    c.from = &p;
    for (const int threads : {1, 2, 7}) {
        const tbb::global_control more(tbb::global_control::max_allowed_parallelism, 7);
        tbb::task_arena arena(threads);
        for (int again = 0; again < 3; ++again)
            arena.execute(
                [&] { BOOST_TEST(decide(small::mean_points(), c).result.reason() == "draw 128"); });
    }
}

BOOST_AUTO_TEST_CASE(a_statistic_that_is_never_written_is_an_error) {
    paper p = small::make_paper();
    p.experiments[0].prepare = [](const arguments&) -> experiment::draw {
        return [](std::uint64_t, std::uint64_t, double* out) { out[0] = 1; };
    };
    engine_context c = small::at_home();
    c.from = &p;
    const decision d = decide(small::ones(), c);
    BOOST_TEST((d.result.result() == outcome::error), d.result.summary());
}

BOOST_AUTO_TEST_CASE(draws_that_depend_on_what_was_drawn_before_are_an_error) {
    paper p = small::make_paper();
    p.experiments[0].prepare = [](const arguments&) -> experiment::draw {
        return [count = std::make_shared<std::atomic<int>>(0)](std::uint64_t, std::uint64_t,
                                                               double* out) { out[0] = ++*count; };
    };
    engine_context c = small::at_home();
    c.from = &p;
    const decision d = decide(small::mean_points(), c);
    BOOST_TEST((d.result.result() == outcome::error), d.result.summary());
    BOOST_TEST(mentions(d.result.reason(), "function of seed and index"), d.result.reason());
}

BOOST_AUTO_TEST_CASE(a_spread_below_the_rounding_of_doubles_decides_nothing) {
    // Squares of 1e-200 underflow to a variance of 0; 1 + 2^-52 and 1 leave the mean half a unit.
    for (const double unit : {1e-200, 1.0}) {
        paper p = small::make_paper();
        p.experiments[0].prepare = [unit](const arguments&) -> experiment::draw {
            return [unit](std::uint64_t seed, std::uint64_t index, double* out) {
                random::stream bits(seed, 0, static_cast<std::uint32_t>(index));
                const bool up = random::uniform_below(bits, 2) == 1;
                out[0] = unit == 1.0 ? (up ? 1 + 0x1p-52 : 1.0) : (up ? 2 * unit : unit);
            };
        };
        engine_context c = small::at_home();
        c.from = &p;
        sample s = small::mean_points();
        const rational exact = unit == 1.0 ? rational(1) + rational(1, 2) * power(rational(2), -52)
                                           : rational(3, 2) * rational::exactly(unit);
        s.expected = [exact](const arguments&) {
            matrix<rational> m(1, 1);
            m(0, 0) = exact;
            return m;
        };
        s.tolerance = power(rational(10), -18);
        const decision d = decide(s, c);
        BOOST_TEST((d.result.result() == outcome::undecided), d.result.summary());
    }
}

BOOST_AUTO_TEST_CASE(numbers_of_draws_do_not_wrap_around) {
    sample s = small::mean_points();
    s.draws = std::uint64_t{0x70A3D70A3D70A3E}; // times 100 is 56 modulo 2^64
    engine_context c = small::at_home();
    c.level = profile::paper;
    BOOST_TEST((decide(s, c).result.result() == outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
