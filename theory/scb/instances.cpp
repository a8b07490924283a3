#include "theory/scb/instances.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "numerics/random/instances.hpp"
#include "numerics/random/uniform.hpp"

namespace flowproof::scb {

namespace {

const char* const read_more = " (assumptions, theory/scb/README.md)";

std::string shape(const matrix<rational>& m) {
    return std::to_string(m.rows()) + " x " + std::to_string(m.cols());
}

rational total(const matrix<rational>& m) {
    rational sum;
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j)
            sum += m(i, j);
    return sum;
}

void check_shape(const std::string& name, const matrix<rational>& m, Index rows, Index cols,
                 const std::string& rule) {
    if (m.rows() != rows || m.cols() != cols)
        throw std::invalid_argument("scb: " + name + " must be " + rule + " = " +
                                    std::to_string(rows) + " x " + std::to_string(cols) +
                                    " to fit mu and Q, got " + shape(m) + read_more);
}

void check_column_sums(const std::string& name, const matrix<rational>& m) {
    for (Index j = 0; j < m.cols(); ++j) {
        const rational sum = total(m.col(j));
        if (sum != rational(1))
            throw std::invalid_argument("scb: the columns of " + name + " must sum to 1, column " +
                                        std::to_string(j + 1) + " sums to " + sum.str() +
                                        read_more);
    }
}

void check_stochastic(const std::string& name, const matrix<rational>& m) {
    for (Index j = 0; j < m.cols(); ++j)
        for (Index i = 0; i < m.rows(); ++i)
            if (m(i, j).sign() < 0)
                throw std::invalid_argument("scb: " + name +
                                            " must have no negative entry, entry (" +
                                            std::to_string(i + 1) + ", " + std::to_string(j + 1) +
                                            ") is " + m(i, j).str() + read_more);
    check_column_sums(name, m);
}

void check_fixes_mu(const std::string& name, const matrix<rational>& m,
                    const matrix<rational>& mu) {
    const matrix<rational> image = product(m, mu);
    for (Index i = 0; i < mu.rows(); ++i)
        if (image(i, 0) != mu(i, 0))
            throw std::invalid_argument("scb: " + name + " mu must equal mu, entry " +
                                        std::to_string(i + 1) + " is " + image(i, 0).str() +
                                        " instead of " + mu(i, 0).str() + read_more);
}

/// 1 .. bound.
rational positive(random::stream& bits, std::int64_t bound) {
    return rational(
        static_cast<std::int64_t>(random::uniform_below(bits, static_cast<std::uint64_t>(bound))) +
        1);
}

matrix<rational> random_matrix(random::stream& bits, Index rows, Index cols) {
    matrix<rational> m(rows, cols);
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < cols; ++j)
            m(i, j) = random::random_rational(bits, 5, 4);
    return m;
}

/// Positions 0 .. n - 1 in random order.
std::vector<Index> shuffled(random::stream& bits, Index n) {
    std::vector<Index> order;
    for (Index i = 0; i < n; ++i)
        order.push_back(i);
    for (std::size_t i = order.size(); i-- > 1;)
        std::swap(order[i], order[random::uniform_below(bits, i + 1)]);
    return order;
}

/// Every column a random law on T - 1 of T positions, so that one entry stays off the support.
matrix<rational> random_Q(random::stream& bits, Index T, Index N) {
    matrix<rational> Q = matrix<rational>::Constant(T, N, rational(0));
    for (Index k = 0; k < N; ++k) {
        const auto order = shuffled(bits, T);
        const auto law = random::random_law(bits, static_cast<std::size_t>(T - 1), 5);
        for (std::size_t i = 0; i < law.size(); ++i)
            Q(order[i], k) = law[i];
    }
    return Q;
}

/// Equal row and column sums, so that mu = J 1 is stationary for P = J D^-1.
bigram<rational> from_joint(const matrix<rational>& J, const matrix<rational>& Q) {
    const rational mass = total(J);
    const Index N = J.rows();
    bigram<rational> b{matrix<rational>(N, 1), matrix<rational>(N, N), Q};
    for (Index i = 0; i < N; ++i)
        b.mu(i, 0) = total(J.row(i)) / mass;
    for (Index i = 0; i < N; ++i)
        for (Index j = 0; j < N; ++j)
            b.P(i, j) = J(i, j) / mass / b.mu(j, 0);
    return b;
}

matrix<rational> random_joint(random::stream& bits, Index N) {
    matrix<rational> J(N, N);
    for (Index i = 0; i < N; ++i)
        for (Index j = 0; j <= i; ++j)
            J(i, j) = J(j, i) = positive(bits, 6);
    const rational turn = positive(bits, 4);
    for (Index i = 0; i < N; ++i)
        J((i + 1) % N, i) += turn;
    return J;
}

/// A convex combination of the N cyclic shifts: doubly stochastic, times a relabelling of rows.
matrix<rational> random_doubly_stochastic(random::stream& bits, Index N) {
    const auto law = random::random_law(bits, static_cast<std::size_t>(N), 6);
    const auto order = shuffled(bits, N);
    matrix<rational> P(N, N);
    for (Index shift = 0; shift < N; ++shift)
        for (Index j = 0; j < N; ++j)
            P(order[static_cast<std::size_t>((j + shift) % N)], j) =
                law[static_cast<std::size_t>(shift)];
    return P;
}

/// Column sums 1, zero wherever Q is zero.
matrix<rational> random_sparse_A(random::stream& bits, const matrix<rational>& Q) {
    matrix<rational> A = matrix<rational>::Constant(Q.rows(), Q.cols(), rational(0));
    for (Index k = 0; k < Q.cols(); ++k) {
        Index last = -1;
        rational rest = 1;
        for (Index t = 0; t < Q.rows(); ++t) {
            if (Q(t, k).is_zero()) continue;
            if (last >= 0) rest -= A(last, k) = random::random_rational(bits, 5, 4);
            last = t;
        }
        A(last, k) = rest;
    }
    return A;
}

struct sizes_of {
    Index N, T;
};
sizes_of sizes_number(std::uint64_t k) {
    constexpr sizes_of list[] = {{2, 3}, {3, 2}, {3, 3}};
    return list[k % 3];
}

std::string named(std::uint64_t k, Index N, Index T) {
    return "random " + std::to_string(k) + " (N = " + std::to_string(N) +
           ", T = " + std::to_string(T) + ")";
}

} // namespace

bigram<rational> R0() {
    return from_joint(
        rows({{2, 2, 0}, {1, 3, 3}, {1, 2, 5}}),
        rows({{{1, 2}, 0, 0}, {{1, 2}, {1, 3}, 0}, {0, {2, 3}, {1, 4}}, {0, 0, {3, 4}}}));
}

matrix<rational> R0_V() {
    return rows({{{1, 2}, 0, 1}, {0, {1, 2}, {-1, 2}}, {{1, 2}, {1, 2}, {1, 2}}});
}

matrix<rational> R0_A() {
    return rows({{{1, 2}, 0, 0}, {0, 1, 0}, {{1, 2}, {1, 2}, {-1, 2}}, {0, 0, {3, 2}}});
}

matrix<rational> R0_V_on_C() {
    const bigram<rational> b = R0();
    const matrix<rational> twice = R0_V() + R0_V();
    matrix<rational> V = project_V(b, twice);
    for (Index j = 0; j < V.cols(); ++j)
        V.col(j) += b.mu;
    return V;
}

matrix<rational> R0_A_on_C() {
    matrix<rational> A = project_A(R0_A());
    return A + matrix<rational>::Constant(A.rows(), A.cols(), rational(1, A.rows()));
}

arguments to_arguments(const bigram<rational>& b) {
    arguments at;
    at.set("mu", b.mu).set("P", b.P).set("Q", b.Q);
    return at;
}

arguments to_arguments(const bigram<rational>& b, const matrix<rational>& V,
                       const matrix<rational>& A) {
    arguments at = to_arguments(b);
    at.set("V", V).set("A", A);
    return at;
}

matrix<rational> column(const std::vector<matrix<rational>>& parts) {
    std::vector<std::vector<rational>> entries;
    for (const auto& m : parts)
        for (Index i = 0; i < m.rows(); ++i)
            for (Index j = 0; j < m.cols(); ++j)
                entries.push_back({m(i, j)});
    return rows(entries);
}

matrix<rational> column(const std::vector<rational>& entries) {
    matrix<rational> result(static_cast<Index>(entries.size()), 1);
    for (std::size_t i = 0; i < entries.size(); ++i)
        result(static_cast<Index>(i), 0) = entries[i];
    return result;
}

matrix<rational> start_V(const bigram<rational>& b) {
    matrix<rational> V(b.N(), b.N());
    for (Index j = 0; j < b.N(); ++j)
        V.col(j) = b.mu;
    return V;
}

matrix<rational> start_A(const bigram<rational>& b) {
    return matrix<rational>::Constant(b.T(), b.N(), rational(1, b.T()));
}

matrix<rational> single(const rational& value) { return column(std::vector<rational>{value}); }

bigram<rational> bigram_of(const arguments& at) { return {at.at("mu"), at.at("P"), at.at("Q")}; }

arguments l1_example() {
    matrix<rational> q = matrix<rational>::Constant(12, 1, rational(0));
    q(0, 0) = rational(1, 2);
    q(1, 0) = rational(3, 10);
    q(2, 0) = rational(1, 5);
    arguments at;
    at.set("q", q).set("C", rational(2, 5)).set("W", rational(1, 2));
    at.set("lambda", rational(1, 20));
    return at;
}

arguments prox_example() {
    arguments at;
    at.set("z", rows({{{1, 2}}, {{3, 4}}, {{-1, 4}}, {0}})).set("lambda", rational(1, 4));
    return at;
}

matrix<expr> constants(const matrix<rational>& m) {
    matrix<expr> result(m.rows(), m.cols());
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.cols(); ++j)
            result(i, j) = expr(m(i, j));
    return result;
}

bigram<expr> constants(const bigram<rational>& b) {
    return {constants(b.mu), constants(b.P), constants(b.Q)};
}

std::vector<parameter> bigram_parameters() {
    return {{"mu", "law of the tokens", "N x 1", "entries > 0, sum 1"},
            {"P", "transition matrix, column j is the law after token j", "N x N",
             "columns sum to 1, P mu = mu"},
            {"Q", "attended positions, column k is their law for query token k", "T x N",
             "columns sum to 1, T >= 2"}};
}

std::vector<parameter> weight_parameters() {
    return {{"V", "value weights", "N x N", ""}, {"A", "attention weights", "T x N", ""}};
}

std::vector<parameter> all_parameters() {
    auto all = bigram_parameters();
    for (auto& p : weight_parameters())
        all.push_back(p);
    return all;
}

void check_law(const matrix<rational>& mu) {
    if (mu.cols() != 1 || mu.rows() < 2)
        throw std::invalid_argument("scb: mu must be a column N x 1 with N >= 2, got " + shape(mu) +
                                    read_more);
    for (Index i = 0; i < mu.rows(); ++i)
        if (mu(i, 0).sign() <= 0)
            throw std::invalid_argument("scb: mu must be positive, entry " + std::to_string(i + 1) +
                                        " is " + mu(i, 0).str() + read_more);
    if (total(mu) != rational(1))
        throw std::invalid_argument("scb: mu must sum to 1, its sum is " + total(mu).str() +
                                    read_more);
}

void check_bigram(const arguments& at) {
    const auto& mu = at.at("mu");
    const auto& Q = at.at("Q");
    check_law(mu);
    check_shape("P", at.at("P"), mu.rows(), mu.rows(), "N x N");
    if (Q.rows() < 2)
        throw std::invalid_argument("scb: need T >= 2 positions, Q is " + shape(Q) + read_more);
    check_shape("Q", Q, Q.rows(), mu.rows(), "T x N");
    check_stochastic("P", at.at("P"));
    check_stochastic("Q", Q);
    check_fixes_mu("P", at.at("P"), mu);
}

void check_weights(const arguments& at) {
    check_bigram(at);
    const Index N = at.at("mu").rows(), T = at.at("Q").rows();
    check_shape("V", at.at("V"), N, N, "N x N");
    check_shape("A", at.at("A"), T, N, "T x N");
}

void check_on_C(const arguments& at) {
    check_weights(at);
    check_column_sums("A", at.at("A"));
    check_column_sums("V", at.at("V"));
    check_fixes_mu("V", at.at("V"), at.at("mu"));
}

void check_signals(const arguments& at) {
    check_on_C(at);
    check_reducible(at);
}

void check_reducible(const arguments& at) {
    const bigram<rational> b = bigram_of(at);
    if (KP(b).is_zero() || KQ(b).is_zero())
        throw std::invalid_argument(
            "scb: need K_P > 0 and K_Q > 0 (P forgets its token or attention is uniform), got "
            "K_P = " +
            KP(b).str() + ", K_Q = " + KQ(b).str() + read_more);
}

void check_support(const arguments& at) {
    check_on_C(at);
    const auto &A = at.at("A"), &Q = at.at("Q");
    for (Index k = 0; k < Q.cols(); ++k)
        for (Index t = 0; t < Q.rows(); ++t)
            if (Q(t, k).is_zero() && !A(t, k).is_zero())
                throw std::invalid_argument("scb: A must vanish where Q does, entry (" +
                                            std::to_string(t + 1) + ", " + std::to_string(k + 1) +
                                            ") of Q is 0 and of A is " + A(t, k).str() + read_more);
}

flowproof::instance random_instance(std::uint64_t seed, std::uint64_t k, weights kind) {
    random::stream bits(seed, static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(k));
    const auto [N, T] = sizes_number(k);
    const matrix<rational> Q = random_Q(bits, T, N);
    bigram<rational> b = from_joint(random_joint(bits, N), Q);
    while (KP(b).is_zero()) // independent tokens: alphaV would be undefined
        b = from_joint(random_joint(bits, N), Q);
    const std::string name = named(k, N, T);
    switch (kind) {
    case weights::free: {
        const matrix<rational> V = random_matrix(bits, N, N);
        return {name, to_arguments(b, V, random_matrix(bits, T, N))};
    }
    case weights::none:
        return {name, to_arguments(b)};
    case weights::on_C:
    case weights::sparse:
        break;
    }
    const matrix<rational> V = V_on_C(b, random_matrix(bits, N - 1, N - 1));
    const matrix<rational> A = kind == weights::sparse ? random_sparse_A(bits, b.Q)
                                                       : A_on_C(random_matrix(bits, T - 1, N));
    return {name, to_arguments(b, V, A)};
}

matrix<rational> random_weights(std::uint64_t seed, std::uint64_t k, Index rows, Index cols) {
    random::stream bits(seed, 7, static_cast<std::uint32_t>(k));
    return random_matrix(bits, rows, cols);
}

flowproof::instance random_uniform_instance(std::uint64_t seed, std::uint64_t k) {
    random::stream bits(seed, 4, static_cast<std::uint32_t>(k));
    const auto [N, T] = sizes_number(k);
    bigram<rational> b{matrix<rational>::Constant(N, 1, rational(1, N)),
                       random_doubly_stochastic(bits, N), random_Q(bits, T, N)};
    while (KP(b).is_zero())
        b.P = random_doubly_stochastic(bits, N);
    return {named(k, N, T) + ", uniform mu", to_arguments(b)};
}

} // namespace flowproof::scb
