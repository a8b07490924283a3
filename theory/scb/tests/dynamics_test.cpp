#include <boost/test/unit_test.hpp>
#include <cmath>

#include "numerics/random/instances.hpp"
#include "numerics/scalar/dual.hpp"
#include "tests/support/seed.hpp"
#include "theory/flows/closed_forms.hpp"
#include "theory/scb/dynamics.hpp"
#include "theory/scb/escape.hpp"
#include "theory/scb/model.hpp"
#include "theory/scb/softmax.hpp"

using namespace flowproof;
using namespace flowproof::scb;

namespace {

/// A tape's outputs at named exact values.
std::vector<rational> exactly(const tape& t, const arguments& at) {
    std::vector<rational> inputs;
    for (const std::string& name : t.variables())
        inputs.push_back(at.scalar(name));
    return evaluate(t, inputs);
}
std::vector<ball> enclosed(const tape& t, const arguments& at) {
    const std::int64_t bits = 256;
    std::vector<ball> inputs;
    for (const std::string& name : t.variables())
        inputs.emplace_back(at.scalar(name), bits);
    return evaluate(t, inputs, embed<ball>{bits});
}

ball in_balls(const rational& q) { return {q, 256}; }
bool agree(const ball& x, const ball& y) {
    return x.is_finite() && y.is_finite() && (x - y).contains_zero() &&
           (x - y).radius() < power(rational(10), -40);
}

arguments somewhere() {
    arguments at = instance_at({{1, 2}, {1, 3}, 100});
    at.set("u", rational(1, 4)).set("v", rational(2, 3)).set("t", rational(3));
    at.set("alphaV", rational(-1, 7)).set("alphaA", rational(2, 9)).set("theta", rational(1, 3));
    at.set("dV", rational(1, 5)).set("dA", rational(1, 8)).set("epsilon", rational(1, 50));
    return at.set("deltaV", rational(1, 6)).set("deltaA", rational(1, 10));
}

/// The planar flow by the explicit midpoint rule: second order, nothing shared with the project's
/// integrator; halving the step shows the error.
std::array<double, 2> midpoint_rule(double KP, double KQ, double T, std::array<double, 2> z,
                                    double t, int steps) {
    const double h = t / steps;
    const auto f = [&](const std::array<double, 2>& y) -> std::array<double, 2> {
        const double p = y[0] * y[1];
        return {(1 - y[0]) / T + KQ * y[1] * (1 - p), KP * y[0] * (1 - p)};
    };
    for (int i = 0; i < steps; ++i) {
        const auto k = f(z);
        const auto m = f({z[0] + h / 2 * k[0], z[1] + h / 2 * k[1]});
        z = {z[0] + h * m[0], z[1] + h * m[1]};
    }
    return z;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dynamics_test)

BOOST_AUTO_TEST_CASE(tapes_of_the_orbit_have_hand_values) {
    const flow_value f = orbit();
    const arguments at = somewhere();
    const std::vector<std::string> names{"KP", "KQ", "T", "alphaV", "alphaA", "t"};
    BOOST_TEST(parameters_of(f) == names, boost::test_tools::per_element());
    // p = 1/6: u' = (3/4)/100 + (1/3)(2/3)(5/6), v' = (1/2)(1/4)(5/6).
    const auto velocity = exactly(f.velocity, at);
    BOOST_TEST(velocity[0] == rational(3, 400) + rational(5, 27));
    BOOST_TEST(velocity[1] == rational(5, 48));
    const auto start = exactly(f.start, at);
    BOOST_TEST(start[0] == rational(-1, 7));
    BOOST_TEST(start[1] == rational(2, 9));
    // E = (1/4) [(9/16)/100 + (1/3)(25/36)].
    BOOST_TEST(exactly(f.observed, at)[2] ==
               rational(1, 4) * (rational(9, 1600) + rational(25, 108)));
    BOOST_TEST(f.until.outputs().empty());
}

BOOST_AUTO_TEST_CASE(tapes_of_events_vanish_where_they_should) {
    arguments at = somewhere();
    const auto observed = [](letters& x) { return std::vector<expr>{x["t"]}; };
    const flow_value level = at_level(observed), exit = at_exit(observed);
    BOOST_TEST(exactly(level.until, at)[0] == rational(1, 6) - rational(1, 3));
    BOOST_TEST(exactly(exit.until, at)[0] == rational(3, 4) * rational(5, 6));
    at.set("v", rational(4, 3)); // p = 1/3
    BOOST_TEST(exactly(level.until, at)[0] == rational(0));
    at.set("v", rational(4)); // p = 1
    BOOST_TEST(exactly(exit.until, at)[0] == rational(0));
    at.set("u", rational(1));
    BOOST_TEST(exactly(exit.until, at)[0] == rational(0));
    const flow_value side = basin_side();
    BOOST_TEST(exactly(side.observed, at)[0] == rational(4) + rational(3, 100));
    BOOST_TEST(certainly(less(in_balls(rational(100)), enclosed(level.horizon, at)[0])));
}

BOOST_AUTO_TEST_CASE(every_request_names_its_domain) {
    arguments bad = somewhere();
    bad.set("KP", rational(-1));
    const auto observed = [](letters& x) { return std::vector<expr>{x["t"]}; };
    for (const flow_value& f : {orbit(), orbit_4d(), at_level(observed), at_exit(observed),
                                at_excess(), separatrix(), basin_side()}) {
        BOOST_TEST(f.words.size() == f.domain.outputs().size());
        BOOST_TEST(f.relations.size() == f.words.size());
        BOOST_TEST((exactly(f.domain, bad)[0] < rational(0)));
        BOOST_TEST(f.words[0] == "KP > 0");
    }
    BOOST_TEST(at_level(observed).words.back() == "theta < 1");
    BOOST_TEST(basin_side().words.back() == "T KQ > 1");
}

BOOST_AUTO_TEST_CASE(four_dimensions_without_energies_are_two) {
    arguments at = somewhere();
    at.set("dV", rational(0)).set("dA", rational(0));
    const auto plane = exactly(orbit().velocity, at), whole = exactly(orbit_4d().velocity, at);
    BOOST_TEST(whole[0] == plane[0]);
    BOOST_TEST(whole[1] == plane[1]);
    BOOST_TEST(whole[2] == rational(0));
    BOOST_TEST(whole[3] == rational(0));
    BOOST_TEST(exactly(orbit_4d().observed, at)[4] == exactly(orbit().observed, at)[2]);
}

BOOST_AUTO_TEST_CASE(the_separatrix_runs_the_planar_flow_backward_from_the_saddle) {
    const flow_value f = separatrix();
    arguments at = somewhere();
    for (const rational& w : {rational(0), rational(1, 3), rational(-2, 5)}) {
        at.set("w", w).set("v", w - rational(3, 100));
        const auto backward = exactly(f.velocity, at), forward = exactly(orbit().velocity, at);
        BOOST_TEST(backward[0] == -forward[0]);
        BOOST_TEST(backward[1] == -forward[1]);
        BOOST_TEST(exactly(f.until, at)[0] == at.scalar("v"));
    }
    // The start z satisfies J z = lambda_- z with J = ((-1/T - KQ v*^2, KQ), (KP, 0)), v* = -3/100.
    const auto z = enclosed(f.start, at);
    const ball slope = z[1] / z[0], lambda = rational(1, 2) / slope;
    const ball first =
        rational(-1, 100) - rational(1, 3) * rational(9, 10'000) + rational(1, 3) * slope;
    BOOST_TEST(agree(first, lambda));
    BOOST_TEST(certainly(less(lambda, in_balls(rational(-2, 5)))));
    BOOST_TEST(certainly(less(z[0], in_balls(rational(0)))));
}

BOOST_AUTO_TEST_CASE(the_linear_escape_solves_its_equation_in_balls) {
    const auto seed = support::seed(5);
    random::stream bits(seed);
    for (int trial = 0; trial < support::trials(20); ++trial) {
        const auto draw = [&] { return abs(random::random_rational(bits, 9, 5)) + rational(1, 9); };
        const rational KP = draw(), KQ = draw(), T = 10 * draw(), t = draw();
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ": KP = " << KP
                                   << ", KQ = " << KQ << ", T = " << T << ", t = " << t) {
            // The series sum M^k b t^(k+1)/(k+1)! of z' = M z + b, z(0) = 0, exact terms.
            std::array<rational, 2> term{t / T, 0}, sum = term;
            for (int k = 1; k < 250; ++k) {
                term = {(-term[0] / T + KQ * term[1]) * t / rational(k + 1),
                        KP * term[0] * t / rational(k + 1)};
                sum = {sum[0] + term[0], sum[1] + term[1]};
            }
            const sizes<ball> c{in_balls(KP), in_balls(KQ), in_balls(T)};
            const auto z = linear_escape(c, linear_gap(c), in_balls(t));
            for (std::size_t i = 0; i < 2; ++i)
                BOOST_TEST(
                    (abs(z[i].midpoint() - sum[i]) < power(rational(10), -30) * (1 + abs(sum[i]))));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_general_two_term_time_is_the_short_one_at_one_half) {
    const sizes<ball> c{in_balls({3, 5}), in_balls({1, 5}), in_balls(1000)};
    const auto e = escape(c);
    BOOST_TEST(agree(two_term_time(e, c.T, in_balls({1, 2})),
                     two_term_half_time(e, c.T, ball(sqrt(in_balls(2))))));
}

BOOST_AUTO_TEST_CASE(two_terms_and_undriven_solution_follow_a_midpoint_rule) {
    // An integrator that shares nothing with the project's: error below 1e-6 by step halving.
    const double KP = 0.5, KQ = 1.0 / 3, T = 100;
    const double tau = two_term_time(escape(sizes<double>{KP, KQ, T}), T, 0.5);
    const auto z = midpoint_rule(KP, KQ, T, {0, 0}, tau, 40'000);
    const auto coarse = midpoint_rule(KP, KQ, T, {0, 0}, tau, 20'000);
    BOOST_TEST(std::abs(z[0] - coarse[0]) < 1e-7);
    BOOST_TEST(std::abs(z[0] * z[1] - 0.5) < 2e-3); // 49.5 ln-free units of 1/T^2, times p' ~ 0.2
    const auto flat = flows::unbalanced_product(KP, KQ, -0.1, 0.5, 6.0);
    const auto stepped = midpoint_rule(KP, KQ, 1e18, {-0.1, 0.5}, 6, 40'000);
    BOOST_TEST(std::abs(flat[0] - stepped[0]) < 1e-7);
    BOOST_TEST(std::abs(flat[1] - stepped[1]) < 1e-7);
}

BOOST_AUTO_TEST_CASE(the_softmax_map_is_matrix_descent_on_the_logits) {
    // N = 4, T = 16, Q_s = 2, uniform mu; P = 0.7 Perm + 0.3 11^T/4, so K_P = 0.3675. Full matrices
    // in double, with the softmax of every column and the gradients of the population loss.
    constexpr Eigen::Index N = 4, T = 16;
    using dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;
    const double KP = 0.3675, eta = 1;
    dense P = dense::Constant(N, N, 0.3 / N), Q = dense::Zero(T, N);
    for (Eigen::Index k = 0; k < N; ++k) {
        P((k + 1) % N, k) += 0.7;
        Q((3 * k) % T, k) = Q((3 * k + 5) % T, k) = 0.5;
    }
    const dense flat = dense::Constant(N, N, 1.0 / N), Pbar = P - flat;
    dense V = flat, Z = dense::Zero(T, N), A(T, N);
    const sizes<double> c{KP, 0.5 - 1.0 / 16, 16};
    double d = 0, alphaV = 0;
    for (int n = 1; n <= 60; ++n) {
        for (Eigen::Index k = 0; k < N; ++k)
            A.col(k) = Z.col(k).array().exp() / Z.col(k).array().exp().sum();
        const dense Vbar = V - flat;
        const double C = (Vbar.cwiseProduct(Pbar)).sum() / N, W = Vbar.squaredNorm() / N;
        const double nA = A.squaredNorm() / N, gA = A.cwiseProduct(Q).sum() / N;
        const dense g = W * A - C * Q;
        for (Eigen::Index k = 0; k < N; ++k)
            Z.col(k) -=
                eta * A.col(k).cwiseProduct((g.col(k).array() - A.col(k).dot(g.col(k))).matrix());
        V -= eta * (nA * Vbar - gA * Pbar);

        const auto a = attended(std::exp(d), 16.0, 2.0);
        const auto velocity = manifold_velocity(c, alphaV, a.alphaA(16.0));
        d -= eta * logit_gradient(a, 16.0, 2.0, KP * alphaV, KP * alphaV * alphaV);
        alphaV += eta * velocity[0];
        BOOST_TEST_CONTEXT("step " << n) {
            BOOST_TEST((V - flat - alphaV * Pbar).norm() < 1e-12);
            for (Eigen::Index k = 0; k < N; ++k)
                for (Eigen::Index s = 0; s < T; ++s)
                    BOOST_TEST(std::abs(Z(s, k) - Z((3 * k + 1) % T, k) - (Q(s, k) > 0 ? d : 0)) <
                               1e-12);
        }
    }
    // The closure is this map in balls.
    arguments at;
    at.set("KP", rational(147, 400)).set("T", rational(16)).set("Qs", rational(2));
    at.set("eta", rational(1)).set("n", rational(60));
    const matrix<ball> z = softmax_orbit()(at, 256);
    BOOST_TEST(std::abs(z(1, 0).midpoint().nearest() - alphaV) < 1e-12);
    BOOST_TEST(std::abs(z(0, 0).midpoint().nearest() -
                        (1 - 16 * attended(std::exp(d), 16.0, 2.0).off)) < 1e-12);
    BOOST_TEST(std::abs(softmax_excess(at, 60, 128).midpoint().nearest() -
                        z(2, 0).midpoint().nearest()) < 1e-12);
}

BOOST_AUTO_TEST_CASE(softmax_refuses_what_it_is_not_defined_for) {
    arguments at;
    at.set("KP", rational(1, 2)).set("T", rational(16)).set("Qs", rational(2));
    at.set("eta", rational(1)).set("n", rational(3));
    BOOST_CHECK_NO_THROW(check_softmax(at));
    for (const auto& [name, value] : std::vector<std::pair<const char*, rational>>{
             {"KP", 0}, {"eta", 0}, {"Qs", 16}, {"Qs", 0}, {"n", -1}, {"n", {1, 2}}})
        BOOST_CHECK_THROW(check_softmax(arguments(at).set(name, value)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
