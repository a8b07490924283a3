#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "numerics/random/instances.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/stats/interval_estimate.hpp"
#include "numerics/train/shrinkage.hpp"
#include "tests/support/seed.hpp"
#include "theory/core/paper.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/instances.hpp"
#include "theory/scb/prox.hpp"
#include "theory/scb/training.hpp"

using namespace flowproof;
using namespace flowproof::scb;

namespace {

matrix<double> nearest(const matrix<rational>& m) {
    matrix<double> result(m.rows(), m.cols());
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j)
            result(i, j) = m(i, j).nearest();
    return result;
}

double distance(const matrix<double>& x, const matrix<double>& y) {
    return (x - y).cwiseAbs().maxCoeff();
}

/// The kernel's sums for one sample.
using sample_visit = std::function<void(const train::gradient_sums&, double probability, Index k,
                                        const std::vector<train::token>& x, train::token o)>;

/// Every possible sample in the order of enumerate.hpp: sequences with the last position fastest,
/// then k, s, o, impossible ones left out.
void for_each_sample(const bigram<rational>& b, const train::attention_weights& w,
                     const sample_visit& visit) {
    std::vector<train::token> x(static_cast<std::size_t>(b.T()), 0);
    train::gradient_sums sums(b.N(), b.T());
    for (;;) {
        rational sequence(1);
        for (const train::token t : x)
            sequence = sequence * b.mu(t, 0);
        for (Index k = 0; k < b.N(); ++k)
            for (Index s = 0; s < b.T(); ++s)
                for (Index o = 0; o < b.N(); ++o) {
                    const rational& emits = b.P(o, x[static_cast<std::size_t>(s)]);
                    if (b.Q(s, k).is_zero() || emits.is_zero()) continue;
                    sums.reset();
                    sums.add(w, x.data(), static_cast<train::token>(k),
                             static_cast<train::token>(o));
                    visit(sums, (sequence * b.mu(k, 0) * b.Q(s, k) * emits).nearest(), k, x,
                          static_cast<train::token>(o));
                }
        std::size_t t = x.size();
        while (t > 0 && ++x[t - 1] == b.N())
            x[--t] = 0;
        if (t == 0) return;
    }
}

flowproof::column<double> mu_of(const bigram<rational>& b) {
    return train::bigram_data(b.mu, b.P, b.Q).mu();
}

struct case_of {
    std::string name;
    bigram<rational> b;
    matrix<rational> V, A;
};
/// R0 off and on C, and random instances of both kinds.
std::vector<case_of> cases() {
    std::vector<case_of> result = {{"R0", R0(), R0_V(), R0_A()},
                                   {"R0 on C", R0(), R0_V_on_C(), R0_A_on_C()}};
    for (const weights kind : {weights::free, weights::on_C})
        for (std::uint64_t k = 0; k < 3; ++k) {
            const auto i = random_instance(support::seed(20260720), k, kind);
            result.push_back({i.name, bigram_of(i.at), i.at.at("V"), i.at.at("A")});
        }
    return result;
}

bool on_C(const case_of& c) {
    try {
        check_on_C(to_arguments(c.b, c.V, c.A));
        return true;
    } catch (const std::invalid_argument&) {
        return false;
    }
}

const experiment& find(const std::vector<experiment>& all, const std::string& id) {
    for (const experiment& e : all)
        if (e.id == id) return e;
    throw std::logic_error("no experiment " + id);
}

std::vector<double> drawn(const experiment& e, const arguments& own, std::uint64_t seed,
                          std::uint64_t index) {
    std::vector<double> slots(e.statistics.size(), std::nan(""));
    e.prepare(e.defaults.overridden_by(own))(seed, index, slots.data());
    return slots;
}

} // namespace

BOOST_AUTO_TEST_SUITE(training_test)

BOOST_AUTO_TEST_CASE(gradients_of_single_samples_are_those_of_the_enumeration) {
    for (const case_of& c : cases())
        BOOST_TEST_CONTEXT(c.name) {
            const train::attention_weights w{nearest(c.V), nearest(c.A)};
            const matrix<double> expected = nearest(sample_gradients_A(c.b, c.V, c.A));
            const flowproof::column<double> mu = mu_of(c.b);
            train::attention_weights g;
            Index column_of_sample = 0;
            double worst = 0;
            for_each_sample(c.b, w, [&](const auto& sums, double, Index k, const auto&, auto) {
                train::project(sums, mu, 1, g);
                const matrix<double> column_k = g.A.col(k) * mu(k);
                worst = std::max(worst, distance(column_k, expected.col(column_of_sample++)));
            });
            BOOST_TEST(column_of_sample == expected.cols());
            BOOST_TEST(worst < 1e-12);
        }
}

BOOST_AUTO_TEST_CASE(mean_gradients_are_the_enumerated_ones_and_on_C_the_closed_form) {
    for (const case_of& c : cases())
        BOOST_TEST_CONTEXT(c.name) {
            const train::attention_weights w{nearest(c.V), nearest(c.A)};
            const flowproof::column<double> mu = mu_of(c.b);
            train::attention_weights g, mean{matrix<double>::Zero(c.b.N(), c.b.N()),
                                             matrix<double>::Zero(c.b.T(), c.b.N())};
            for_each_sample(c.b, w, [&](const auto& sums, double p, Index, const auto&, auto) {
                train::project(sums, mu, 1, g);
                mean.V += p * g.V;
                mean.A += p * g.A;
            });
            const auto V =
                project_V(c.b, preconditioned(c.b, enumerated_gradient_V(c.b, c.V, c.A)));
            const auto A = project_A(preconditioned(c.b, enumerated_gradient_A(c.b, c.V, c.A)));
            BOOST_TEST(distance(mean.V, nearest(V)) < 1e-12);
            BOOST_TEST(distance(mean.A, nearest(A)) < 1e-12);
            const double closed = distance(mean.V, nearest(projected_gradient_V(c.b, c.V, c.A))) +
                                  distance(mean.A, nearest(projected_gradient_A(c.b, c.V, c.A)));
            BOOST_TEST((closed < 1e-12) == on_C(c));
        }
}

BOOST_AUTO_TEST_CASE(the_short_form_of_a_sample_gradient_holds_on_C_only) {
    // G_V = r (D^-1 (X a_k - mu))^T needs 1^T A = 1^T and 1^T V = 1^T.
    for (const case_of& c : cases())
        BOOST_TEST_CONTEXT(c.name) {
            const train::attention_weights w{nearest(c.V), nearest(c.A)};
            const flowproof::column<double> mu = mu_of(c.b);
            train::attention_weights g;
            double worst = 0;
            for_each_sample(c.b, w, [&](const auto& sums, double, Index k, const auto& x, auto o) {
                train::project(sums, mu, 1, g);
                flowproof::column<double> h = flowproof::column<double>::Zero(c.b.N());
                for (std::size_t t = 0; t < x.size(); ++t)
                    h(x[t]) += w.A(static_cast<Index>(t), k);
                flowproof::column<double> r = w.V * h;
                r(o) -= 1;
                const flowproof::column<double> right = (h - mu).cwiseQuotient(mu);
                worst = std::max(worst, distance(g.V, r * right.transpose()));
            });
            BOOST_TEST((worst < 1e-11) == on_C(c), worst);
        }
}

BOOST_AUTO_TEST_CASE(the_constrained_prox_is_the_exact_one) {
    const std::uint64_t seed = support::seed(20260721);
    std::vector<double> scratch;
    for (int trial = 0; trial < support::trials(300); ++trial) {
        random::stream bits(seed, 0, static_cast<std::uint32_t>(trial));
        const auto T = static_cast<Index>(2 + bits.next() % 9);
        matrix<rational> z(T, 1);
        for (Index t = 0; t < T; ++t)
            z(t, 0) = random::random_rational(bits, 6, 4);
        const rational lambda = abs(random::random_rational(bits, 3, 5));
        const matrix<rational> expected = prox_affine(z, lambda);
        std::vector<double> a;
        for (Index t = 0; t < T; ++t)
            a.push_back(z(t, 0).nearest());
        train::constrained_prox(a, lambda.nearest(), scratch);
        for (Index t = 0; t < T; ++t)
            BOOST_TEST(std::abs(a[static_cast<std::size_t>(t)] - expected(t, 0).nearest()) < 1e-13,
                       "seed " << seed << ", trial " << trial << ", z = " << str(z)
                               << ", lambda = " << lambda.str());
    }
}

BOOST_AUTO_TEST_CASE(coordinates_and_excess_are_those_of_the_exact_weights) {
    for (const case_of& c : cases()) {
        if (!on_C(c)) continue;
        BOOST_TEST_CONTEXT(c.name) {
            const observer observe(c.b);
            const reduced<double> found = observe({nearest(c.V), nearest(c.A)});
            const reduced<rational> exact = coordinates(c.b, c.V, c.A);
            BOOST_TEST(std::abs(found.alphaV - exact.alphaV.nearest()) < 1e-12);
            BOOST_TEST(std::abs(found.alphaA - exact.alphaA.nearest()) < 1e-12);
            BOOST_TEST(std::abs(found.deltaV - exact.deltaV.nearest()) < 1e-12);
            BOOST_TEST(std::abs(found.deltaA - exact.deltaA.nearest()) < 1e-12);
            BOOST_TEST(std::abs(reduced_excess(observe.size(), found) -
                                excess_loss(c.b, c.V, c.A).nearest()) < 1e-12);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_starts_have_the_coordinates_that_they_promise) {
    const auto on = R0_on_manifold(), off = R0_off_manifold();
    for (const auto& start : {on, off}) {
        BOOST_CHECK_NO_THROW(check_signals(to_arguments(R0(), start.V, start.A)));
        const reduced<rational> z = coordinates(R0(), start.V, start.A);
        BOOST_TEST((z.alphaV == rational(1, 2) && z.alphaA == rational(1, 2)));
    }
    const reduced<rational> z = coordinates(R0(), on.V, on.A), y = coordinates(R0(), off.V, off.A);
    BOOST_TEST((z.deltaV.is_zero() && z.deltaA.is_zero()));
    BOOST_TEST((y.deltaV.sign() > 0 && y.deltaA.sign() > 0));
}

BOOST_AUTO_TEST_CASE(the_orbit_and_its_slopes_are_those_of_the_rational_map) {
    const auto start = R0_off_manifold();
    const rational etaV(1, 4), etaA(1, 8);
    using exact_dual = dual<rational>;
    const sizes<rational> size = scb::sizes_of(R0());
    const sizes<exact_dual> lifted{{size.KP, 0}, {size.KQ, 0}, {size.T, 0}};
    reduced<rational> z = coordinates(R0(), start.V, start.A);
    const observer observe(R0());
    const population_orbit orbit =
        follow(observe.size(), observe({nearest(start.V), nearest(start.A)}), 4, 0.25, 0.125);
    for (std::size_t n = 0; n < 4; ++n) {
        for (std::size_t j = 0; j < 4; ++j) {
            const auto at = [&](const rational& x, std::size_t i) {
                return exact_dual(x, rational(i == j ? 1 : 0));
            };
            const reduced<exact_dual> next = reduced_step<exact_dual>(
                lifted, {at(z.alphaV, 0), at(z.alphaA, 1), at(z.deltaV, 2), at(z.deltaA, 3)},
                {etaV, 0}, {etaA, 0});
            const rational slopes[] = {next.alphaV.slope, next.alphaA.slope, next.deltaV.slope,
                                       next.deltaA.slope};
            for (std::size_t i = 0; i < 4; ++i)
                BOOST_TEST(std::abs(orbit.slope[n][i][j] - slopes[i].nearest()) < 1e-13,
                           "step " << n << ", " << i << j);
        }
        z = reduced_step(size, z, etaV, etaA);
        const reduced<double>& found = orbit.states[n + 1];
        BOOST_TEST(std::abs(found.alphaV - z.alphaV.nearest()) < 1e-13);
        BOOST_TEST(std::abs(found.alphaA - z.alphaA.nearest()) < 1e-13);
        BOOST_TEST(std::abs(found.deltaV - z.deltaV.nearest()) < 1e-13);
        BOOST_TEST(std::abs(found.deltaA - z.deltaA.nearest()) < 1e-13);
    }
}

BOOST_AUTO_TEST_CASE(first_order_noise_has_mean_zero_and_leaves_squares) {
    // All outcomes of a step of one sample; what is left of deltaV, deltaA is a squared norm.
    const auto start = R0_off_manifold();
    const bigram<rational> b = R0();
    const observer observe(b);
    const train::attention_weights w{nearest(start.V), nearest(start.A)};
    const flowproof::column<double> mu = mu_of(b);
    const double etaV = 0.25, etaA = 0.125;
    const reduced<double> z = observe(w), expected = reduced_step(observe.size(), z, etaV, etaA);
    double total = 0, mean[4] = {}, size[4] = {}, least = 0, squares[2] = {};
    train::attention_weights g;
    for_each_sample(b, w, [&](const auto& sums, double p, Index, const auto&, auto) {
        train::project(sums, mu, 1, g);
        const train::attention_weights moved{w.V - etaV * g.V, w.A - etaA * g.A};
        const reduced<double> now = observe(moved);
        const auto noise = observe.noise(w, z, moved, now, etaV, etaA);
        total += p;
        for (std::size_t i = 0; i < 4; ++i) {
            mean[i] += p * noise[i];
            size[i] += p * noise[i] * noise[i];
        }
        const double rest[] = {now.deltaV - expected.deltaV - noise[2],
                               now.deltaA - expected.deltaA - noise[3]};
        least = std::min({least, rest[0], rest[1]});
        squares[0] += p * rest[0];
        squares[1] += p * rest[1];
        BOOST_TEST(std::abs(now.alphaV - expected.alphaV - noise[0]) < 1e-14);
    });
    BOOST_TEST(std::abs(total - 1) < 1e-12);
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(std::abs(mean[i]) < 1e-13 * (1 + std::sqrt(size[i])), i);
        BOOST_TEST(size[i] > 1e-4, i);
    }
    BOOST_TEST(least > -1e-14);
    BOOST_TEST(squares[0] > 1e-4);
    BOOST_TEST(squares[1] > 1e-4);
}

BOOST_AUTO_TEST_CASE(remainders_are_of_second_order_and_keep_the_mean) {
    const auto start = R0_off_manifold();
    const std::int64_t draws = 1500;
    std::array<std::array<stats::summary, 4>, 2> rest, first, deviation;
    for (const std::size_t i : {0U, 1U}) {
        const training run(R0(), start.V, start.A, {i == 0 ? 32 : 512, 6, 0.25, 0.125});
        for (std::int64_t k = 0; k < draws; ++k) {
            const training::ending end = run(20260722, static_cast<std::uint64_t>(k));
            for (std::size_t j = 0; j < 4; ++j) {
                rest[i][j].add(end.remainder[j] * end.remainder[j]);
                first[i][j].add(end.deviation[j] - end.remainder[j]);
                deviation[i][j].add(end.deviation[j] * end.deviation[j]);
            }
        }
    }
    for (std::size_t j = 0; j < 4; ++j)
        BOOST_TEST_CONTEXT("coordinate " << j) {
            for (const std::size_t i : {0U, 1U}) // false alarm 1e-7 each
                BOOST_TEST(stats::student_interval(first[i][j], 1e-7).contains(0));
            // Sixteen times the batch: squares of order B^-2 against B^-1.
            const double ratio = std::sqrt(rest[0][j].mean() / rest[1][j].mean());
            BOOST_TEST(ratio > 12);
            BOOST_TEST(ratio < 22);
            const double spread = std::sqrt(deviation[0][j].mean() / deviation[1][j].mean());
            BOOST_TEST(spread > 3.4);
            BOOST_TEST(spread < 4.6);
        }
}

BOOST_AUTO_TEST_CASE(mixed_permutations_have_the_constants_of_the_experiment) {
    const auto b = mixed_permutation(4, 32, 2, rational(7, 10));
    BOOST_CHECK_NO_THROW(check_bigram(to_arguments(b)));
    BOOST_TEST((KP(b) == rational(147, 400)));
    BOOST_TEST((KQ(b) == rational(1, 2) - rational(1, 32)));
    BOOST_CHECK_THROW(mixed_permutation(1, 4, 1, rational(1)), std::invalid_argument);
    BOOST_CHECK_THROW(mixed_permutation(2, 4, 4, rational(1)), std::invalid_argument);
    BOOST_CHECK_THROW(mixed_permutation(2, 4, 0, rational(1)), std::invalid_argument);
    BOOST_CHECK_THROW(mixed_permutation(2, 4, 1, rational(0)), std::invalid_argument);
    BOOST_CHECK_THROW(mixed_permutation(2, 4, 1, rational(3, 2)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(draws_are_functions_of_seed_and_index) {
    const auto all = experiments();
    for (const char* id : {"scb.training", "scb.training.path"})
        BOOST_TEST_CONTEXT(id) {
            const experiment& e = find(all, id);
            const auto first = drawn(e, {}, 3, 4);
            BOOST_TEST((first == drawn(e, {}, 3, 4)));
            BOOST_TEST((first != drawn(e, {}, 3, 5)));
            BOOST_TEST((first != drawn(e, {}, 4, 4)));
            for (const double x : first)
                BOOST_TEST(std::isfinite(x));
        }
}

BOOST_AUTO_TEST_CASE(the_path_runs_from_scratch_to_a_small_excess) {
    const auto all = experiments();
    const experiment& e = find(all, "scb.training.path");
    const arguments large = arguments().set("T", rational(8)).set("B", rational(4096));
    const auto x = drawn(e, large, 1, 0);
    const auto b = mixed_permutation(4, 8, 2, rational(7, 10));
    BOOST_TEST(x[0] == 0.0, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(x[41] == 0.0, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(std::abs(x[82] - excess_loss(b, start_V(b), start_A(b)).nearest()) < 1e-14);
    // Beside the population map at every checkpoint.
    const population_orbit orbit =
        follow({KP(b).nearest(), KQ(b).nearest(), 8}, {0, 0, 0, 0}, 40, 0.5, 0.5);
    for (std::size_t i = 0; i <= 40; ++i)
        BOOST_TEST(std::abs(x[i] - orbit.states[i].alphaV) < 0.15, i);
    BOOST_TEST(x[40] > 0.8);
    BOOST_TEST(x[81] > 0.8);
    BOOST_TEST(x[122] < x[82] / 10);
}

BOOST_AUTO_TEST_CASE(a_bad_protocol_is_refused_by_name) {
    const auto all = experiments();
    const auto message = [&](const char* id, const arguments& own) -> std::string {
        try {
            drawn(find(all, id), own, 1, 1);
        } catch (const std::invalid_argument& e) {
            return e.what();
        }
        return "accepted";
    };
    const auto mentions = [&](const std::string& text, const char* part) {
        BOOST_TEST(text.find(part) != std::string::npos, text);
    };
    mentions(message("scb.training", arguments().set("B", rational(0))), "B must be an integer");
    mentions(message("scb.training", arguments().set("etaV", rational(-1))), "etaV, etaA > 0");
    mentions(message("scb.training", arguments().set("steps", rational(0))), "steps must be");
    mentions(message("scb.training", arguments().set("V", R0_V())), "V mu must equal mu");
    mentions(message("scb.training.path", arguments().set("steps", rational(30))),
             "multiple of 40");
    mentions(message("scb.training.path", arguments().set("Qs", rational(32))),
             "Qs must be an integer");
    mentions(message("scb.training.path", arguments().set("mixing", rational(2))),
             "0 < mixing <= 1");
}

BOOST_AUTO_TEST_SUITE_END()
