#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <thread>

#include "numerics/random/instances.hpp"
#include "numerics/random/uniform.hpp"
#include "numerics/scalar/dual.hpp"
#include "numerics/stats/goodness_of_fit.hpp"
#include "numerics/train/bigram_attention.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using namespace flowproof::train;

namespace {

struct instance {
    matrix<rational> mu, P, Q;
    Index N() const { return mu.rows(); }
    Index T() const { return Q.rows(); }
    double weight(const std::vector<token>& x, Index k, Index s, Index o) const {
        rational w = mu(k, 0) * Q(s, k) * P(o, x[static_cast<std::size_t>(s)]);
        for (const token t : x)
            w = w * mu(t, 0);
        return w.nearest();
    }
};

matrix<rational> random_stochastic(random::stream& bits, Index rows, Index cols) {
    matrix<rational> m(rows, cols);
    for (Index j = 0; j < cols; ++j) {
        const auto law = random::random_law(bits, static_cast<std::size_t>(rows), 9);
        for (Index i = 0; i < rows; ++i)
            m(i, j) = law[static_cast<std::size_t>(i)];
    }
    return m;
}

instance random_instance(random::stream& bits, Index N, Index T) {
    return {random_stochastic(bits, N, 1), random_stochastic(bits, N, N),
            random_stochastic(bits, T, N)};
}

matrix<double> random_matrix(random::stream& bits, Index rows, Index cols) {
    matrix<double> m(rows, cols);
    for (Index j = 0; j < cols; ++j)
        for (Index i = 0; i < rows; ++i)
            m(i, j) = 2 * random::uniform01(bits) - 1;
    return m;
}

/// visit(x, k, s, o) for every outcome.
void for_each_outcome(
    const instance& b,
    const std::function<void(const std::vector<token>&, Index, Index, Index)>& visit) {
    std::vector<token> x(static_cast<std::size_t>(b.T()), 0);
    for (;;) {
        for (Index k = 0; k < b.N(); ++k)
            for (Index s = 0; s < b.T(); ++s)
                for (Index o = 0; o < b.N(); ++o)
                    visit(x, k, s, o);
        std::size_t t = 0;
        while (t < x.size() && ++x[t] == b.N())
            x[t++] = 0;
        if (t == x.size()) return;
    }
}

/// |V X a_k - x_o|^2 / 2 with one-hot matrices, as it is written.
template <class Scalar>
Scalar loss(const matrix<Scalar>& V, const matrix<Scalar>& A, const std::vector<token>& x, Index k,
            Index o) {
    Scalar sum(0);
    for (Index i = 0; i < V.rows(); ++i) {
        Scalar f(0);
        for (Index t = 0; t < A.rows(); ++t)
            f += V(i, x[static_cast<std::size_t>(t)]) * A(t, k);
        if (i == o) f = f - 1;
        sum += f * f;
    }
    return sum * rational(1, 2);
}

/// The derivative of a loss in every entry, by dual numbers.
attention_weights derivative(const attention_weights& w,
                             const std::function<dual<double>(const matrix<dual<double>>&,
                                                              const matrix<dual<double>>&)>& f) {
    const auto lifted = [](const matrix<double>& m) {
        matrix<dual<double>> result(m.rows(), m.cols());
        for (Index i = 0; i < m.size(); ++i)
            result.data()[i] = {m.data()[i], 0};
        return result;
    };
    matrix<dual<double>> V = lifted(w.V), A = lifted(w.A);
    attention_weights g = w;
    for (auto* pair : {&V, &A})
        for (Index i = 0; i < pair->size(); ++i) {
            pair->data()[i].slope = 1;
            (pair == &V ? g.V : g.A).data()[i] = f(V, A).slope;
            pair->data()[i].slope = 0;
        }
    return g;
}

/// Pi_V(G D^-1) and Pi_A(G D^-1) with the projections written as matrices.
attention_weights projected(const attention_weights& g, const column<double>& mu) {
    const Index N = g.V.rows(), T = g.A.rows();
    const matrix<double> D = mu.cwiseInverse().asDiagonal();
    const matrix<double> one = matrix<double>::Identity(N, N);
    const matrix<double> left = one - matrix<double>::Constant(N, N, 1.0 / static_cast<double>(N));
    const matrix<double> right = one - mu * matrix<double>::Ones(1, N);
    const matrix<double> over = matrix<double>::Identity(T, T) -
                                matrix<double>::Constant(T, T, 1.0 / static_cast<double>(T));
    return {left * g.V * D * right, over * g.A * D};
}

double distance(const attention_weights& x, const attention_weights& y) {
    return std::max((x.V - y.V).cwiseAbs().maxCoeff(), (x.A - y.A).cwiseAbs().maxCoeff());
}

attention_weights zero_like(const attention_weights& w) {
    return {matrix<double>::Zero(w.V.rows(), w.V.cols()),
            matrix<double>::Zero(w.A.rows(), w.A.cols())};
}

matrix<rational> identity_matrix(Index n) {
    matrix<rational> m = matrix<rational>::Constant(n, n, rational(0));
    for (Index i = 0; i < n; ++i)
        m(i, i) = rational(1);
    return m;
}

} // namespace

BOOST_AUTO_TEST_SUITE(train_bigram_attention_test)

BOOST_AUTO_TEST_CASE(sample_gradients_are_derivatives_of_the_sample_loss_projected) {
    const std::uint64_t seed = support::seed(20260710);
    const std::pair<Index, Index> sizes[] = {{2, 1}, {2, 5}, {3, 4}, {4, 6}, {5, 3}, {7, 9}};
    for (int trial = 0; trial < support::trials(60); ++trial) {
        random::stream bits(seed, 0, static_cast<std::uint32_t>(trial));
        const auto [N, T] = sizes[trial % 6];
        const instance b = random_instance(bits, N, T);
        const bigram_data data(b.mu, b.P, b.Q);
        const attention_weights w{random_matrix(bits, N, N), random_matrix(bits, T, N)}; // off C
        std::vector<token> x(static_cast<std::size_t>(T));
        byte_stream bytes{bits};
        const auto [k, o] = data.draw(bytes, x.data());
        gradient_sums sums(N, T);
        sums.add(w, x.data(), k, o);
        attention_weights found;
        project(sums, data.mu(), 1, found);
        const attention_weights expected = projected(
            derivative(
                w, [&, k = k, o = o](const auto& V, const auto& A) { return loss(V, A, x, k, o); }),
            data.mu());
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", N = " << N
                                   << ", T = " << T) {
            BOOST_TEST(distance(found, expected) < 1e-11);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_mean_over_all_outcomes_is_the_gradient_of_the_population_loss) {
    const std::uint64_t seed = support::seed(20260711);
    const std::pair<Index, Index> sizes[] = {{2, 3}, {3, 2}, {2, 4}};
    for (std::uint32_t trial = 0; trial < 6; ++trial) {
        random::stream bits(seed, 0, trial);
        const auto [N, T] = sizes[trial % 3];
        const instance b = random_instance(bits, N, T);
        const bigram_data data(b.mu, b.P, b.Q);
        const attention_weights w{random_matrix(bits, N, N), random_matrix(bits, T, N)};
        attention_weights mean = zero_like(w), one;
        gradient_sums sums(N, T);
        for_each_outcome(b, [&](const std::vector<token>& x, Index k, Index s, Index o) {
            sums.reset();
            sums.add(w, x.data(), static_cast<token>(k), static_cast<token>(o));
            project(sums, data.mu(), 1, one);
            mean.V += b.weight(x, k, s, o) * one.V;
            mean.A += b.weight(x, k, s, o) * one.A;
        });
        const attention_weights expected = projected(
            derivative(w,
                       [&](const auto& V, const auto& A) {
                           dual<double> sum(0);
                           for_each_outcome(b, [&](const std::vector<token>& x, Index k, Index s,
                                                   Index o) {
                               sum += dual<double>(b.weight(x, k, s, o), 0) * loss(V, A, x, k, o);
                           });
                           return sum;
                       }),
            data.mu());
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial) {
            BOOST_TEST(distance(mean, expected) < 1e-12);
        }
    }
}

BOOST_AUTO_TEST_CASE(samples_have_the_law_of_the_data) {
    // Seed fixed before the first run; false alarm 2e-6.
    random::stream bits(20260712);
    const instance b = random_instance(bits, 3, 2);
    const bigram_data data(b.mu, b.P, b.Q);
    // Cells (x_1, x_2, k, o), exact probabilities.
    std::vector<rational> law(81);
    std::vector<std::int64_t> counts(81);
    const auto cell = [](const token* x, Index k, Index o) {
        return static_cast<std::size_t>(((x[0] * 3 + x[1]) * 3 + k) * 3 + o);
    };
    for_each_outcome(b, [&](const std::vector<token>& x, Index k, Index s, Index o) {
        law[cell(x.data(), k, o)] += b.mu(x[0], 0) * b.mu(x[1], 0) * b.mu(k, 0) * b.Q(s, k) *
                                     b.P(o, x[static_cast<std::size_t>(s)]);
    });
    token x[2];
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        byte_stream bytes(random::stream(20260713, 0, 0, 0, i * 4096U));
        const auto [k, o] = data.draw(bytes, x);
        ++counts[cell(x, k, o)];
    }
    const double p = stats::chi_square_test(counts, law).p_value;
    BOOST_TEST(p >= 1e-6);
    BOOST_TEST(p <= 1 - 1e-6);
}

BOOST_AUTO_TEST_CASE(the_bits_do_not_depend_on_the_number_of_threads) {
    random::stream bits(20260714);
    const instance b = random_instance(bits, 3, 7);
    const bigram_data data(b.mu, b.P, b.Q);
    const attention_weights start{random_matrix(bits, 3, 3), random_matrix(bits, 7, 3)};
    const auto after = [&](std::int64_t threads) {
        minibatch_descent descent(data, {.etaV = 0.25,
                                         .etaA = 0.5,
                                         .batch = 53,
                                         .lambda = 0.01,
                                         .after = shrinkage::constrained_prox});
        attention_weights w = start;
        for (std::uint32_t n = 0; n < 10; ++n)
            descent.step(w, 5, std::uint64_t{1} << 33, n,
                         [threads](std::int64_t count, const auto& body) {
                             std::vector<std::thread> pool;
                             for (std::int64_t i = 0; i < threads; ++i)
                                 pool.emplace_back([&, i] { // last lanes first
                                     for (std::int64_t l = count - 1 - i; l >= 0; l -= threads)
                                         body(l);
                                 });
                             for (std::thread& t : pool)
                                 t.join();
                         });
        return w;
    };
    minibatch_descent serial(data, {.etaV = 0.25,
                                    .etaA = 0.5,
                                    .batch = 53,
                                    .lambda = 0.01,
                                    .after = shrinkage::constrained_prox});
    attention_weights expected = start;
    for (std::uint32_t n = 0; n < 10; ++n)
        serial.step(expected, 5, std::uint64_t{1} << 33, n);
    for (const std::int64_t threads : {1, 2, 3, 7}) {
        const attention_weights w = after(threads);
        BOOST_TEST((w.V == expected.V), threads << " threads");
        BOOST_TEST((w.A == expected.A), threads << " threads");
    }
}

BOOST_AUTO_TEST_CASE(samples_are_functions_of_seed_trajectory_step_and_number) {
    random::stream bits(20260715);
    const instance b = random_instance(bits, 3, 4);
    const bigram_data data(b.mu, b.P, b.Q);
    const attention_weights start{random_matrix(bits, 3, 3), random_matrix(bits, 4, 3)};
    const auto gradient = [&](std::int64_t batch, std::uint64_t seed, std::uint64_t trajectory,
                              std::uint32_t n) {
        minibatch_descent descent(data, {.etaV = 1, .etaA = 1, .batch = batch});
        attention_weights w = start;
        descent.step(w, seed, trajectory, n);
        return descent.last_gradient();
    };
    const attention_weights one = gradient(1, 5, 6, 7);
    BOOST_TEST(distance(one, gradient(1, 5, 6, 7)) == 0);
    BOOST_TEST(distance(one, gradient(1, 6, 6, 7)) > 0);
    BOOST_TEST(distance(one, gradient(1, 5, 7, 7)) > 0);
    BOOST_TEST(distance(one, gradient(1, 5, 6 + (std::uint64_t{1} << 32), 7)) > 0);
    BOOST_TEST(distance(one, gradient(1, 5, 6, 8)) > 0);
    // The samples of a batch of 19, drawn here from the documented streams.
    gradient_sums sums(3, 4);
    for (std::uint32_t s = 0; s < 19; ++s) {
        token x[4];
        byte_stream bytes(random::stream(5, 0, 6, 7, s << 12));
        const auto [k, o] = data.draw(bytes, x);
        sums.add(start, x, k, o);
    }
    attention_weights expected;
    project(sums, data.mu(), 19, expected);
    BOOST_TEST(distance(expected, gradient(19, 5, 6, 7)) < 1e-14);
}

BOOST_AUTO_TEST_CASE(descent_learns_a_permutation_read_at_one_position) {
    // Outputs are functions of the data, so that the noise vanishes with the residual.
    const Index N = 3, T = 4;
    instance b{matrix<rational>(N, 1), matrix<rational>::Constant(N, N, rational(0)),
               matrix<rational>::Constant(T, N, rational(0))};
    for (Index i = 0; i < N; ++i) {
        b.mu(i, 0) = rational(1, 3);
        b.P((i + 1) % N, i) = rational(1);
        b.Q((2 * i + 1) % T, i) = rational(1);
    }
    const bigram_data data(b.mu, b.P, b.Q);
    for (const auto after : {shrinkage::none, shrinkage::constrained_prox}) {
        minibatch_descent descent(data, {.etaV = 0.5,
                                         .etaA = 0.5,
                                         .batch = 256,
                                         .lambda = after == shrinkage::none ? 0.0 : 1e-4,
                                         .after = after});
        attention_weights w{matrix<double>::Constant(N, N, 1.0 / 3),
                            matrix<double>::Constant(T, N, 0.25)};
        for (std::uint32_t n = 0; n < 400; ++n)
            descent.step(w, 1, 0, n);
        for (Index i = 0; i < N; ++i)
            for (Index j = 0; j < N; ++j)
                BOOST_TEST(std::abs(w.V(i, j) - b.P(i, j).nearest()) < 1e-6);
        for (Index k = 0; k < N; ++k)
            for (Index t = 0; t < T; ++t)
                BOOST_TEST(std::abs(w.A(t, k) - b.Q(t, k).nearest()) < 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(a_soft_threshold_follows_the_gradient_step_and_leaves_the_constraint) {
    random::stream bits(20260716);
    const instance b = random_instance(bits, 2, 5);
    const bigram_data data(b.mu, b.P, b.Q);
    const attention_weights start{random_matrix(bits, 2, 2), matrix<double>::Constant(5, 2, 0.2)};
    attention_weights plain = start, thresholded = start;
    minibatch_descent(data, {.etaV = 0.5, .etaA = 0.5, .batch = 9}).step(plain, 3, 0, 0);
    minibatch_descent(
        data,
        {.etaV = 0.5, .etaA = 0.5, .batch = 9, .lambda = 0.1, .after = shrinkage::soft_threshold})
        .step(thresholded, 3, 0, 0);
    BOOST_TEST((plain.V == thresholded.V));
    for (Index k = 0; k < 2; ++k) {
        BOOST_TEST(std::abs(plain.A.col(k).sum() - 1) < 1e-14);
        BOOST_TEST(std::abs(thresholded.A.col(k).sum() - 1) > 1e-3);
        for (Index t = 0; t < 5; ++t) {
            const double a = plain.A(t, k), size = std::max(std::abs(a) - 0.05, 0.0);
            BOOST_TEST(thresholded.A(t, k) == std::copysign(size, a));
        }
    }
}

BOOST_AUTO_TEST_CASE(options_and_data_out_of_range_are_refused) {
    const matrix<rational> two = matrix<rational>::Constant(2, 1, rational(1, 2));
    const matrix<rational> P = identity_matrix(2);
    const bigram_data data(two, P, P);
    using options = minibatch_descent::options;
    for (const options& bad :
         {options{0, 1, 1}, options{1, -1, 1}, options{1, 1, 0}, options{1, 1, (1 << 20) + 1},
          options{1, 1, 1, -1, shrinkage::soft_threshold}, options{1, 1, 1, 0.5, shrinkage::none},
          options{std::nan(""), 1, 1}})
        BOOST_CHECK_THROW(minibatch_descent(data, bad), std::invalid_argument);
    BOOST_CHECK_THROW(bigram_data(two, identity_matrix(3), P), std::invalid_argument);
    BOOST_CHECK_THROW(bigram_data(matrix<rational>::Constant(1, 1, rational(1)), identity_matrix(1),
                                  identity_matrix(1)),
                      std::invalid_argument);
    matrix<rational> zero = two;
    zero(0, 0) = rational(0);
    zero(1, 0) = rational(1);
    BOOST_CHECK_THROW(bigram_data(zero, P, P), std::invalid_argument);
    BOOST_CHECK_THROW(bigram_data(two, matrix<rational>::Constant(2, 2, rational(1, 3)), P),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
