#include <stdexcept>

#include "numerics/random/discrete.hpp"
#include "theory/scb/claims.hpp"
#include "theory/scb/instances.hpp"

namespace flowproof::scb {

namespace {

std::vector<rational> column_of(const matrix<rational>& m, Index j) {
    std::vector<rational> result;
    for (Index i = 0; i < m.rows(); ++i)
        result.push_back(m(i, j));
    return result;
}

/// Tables of one protocol; draws share them read-only.
struct noise_sampler {
    random::discrete token, position;
    std::vector<random::discrete> next; ///< law of the output after each token
    std::vector<double> a;              ///< a_k
    std::vector<std::size_t> off;       ///< positions with q_tk = 0
    matrix<double> gram;                ///< <Vbar e_i, V e_j>
    matrix<double> bar;                 ///< Vbar

    noise_sampler(const bigram<rational>& b, const matrix<rational>& V, const matrix<rational>& A,
                  Index k)
        : token(column_of(b.mu, 0)), position(column_of(b.Q, k)), gram(b.N(), b.N()),
          bar(b.N(), b.N()) {
        const matrix<rational> centred = centred_V(b, V);
        const matrix<rational> turned = centred.transpose();
        const matrix<rational> exact = product(turned, V);
        for (Index i = 0; i < b.N(); ++i) {
            next.emplace_back(column_of(b.P, i));
            for (Index j = 0; j < b.N(); ++j) {
                gram(i, j) = exact(i, j).nearest();
                bar(i, j) = centred(i, j).nearest();
            }
        }
        for (Index t = 0; t < b.T(); ++t) {
            a.push_back(A(t, k).nearest());
            if (b.Q(t, k).is_zero()) off.push_back(static_cast<std::size_t>(t));
        }
        if (off.empty())
            throw std::invalid_argument("scb.A.noise: column " + std::to_string(k + 1) +
                                        " of Q has no zero, so no entry is off its support");
    }

    double operator()(random::stream& bits) const {
        std::vector<Index> x(a.size());
        for (Index& xt : x)
            xt = static_cast<Index>(token(bits));
        const std::size_t s = position(bits);
        const auto o = static_cast<Index>(next[static_cast<std::size_t>(x[s])](bits));
        double sum = 0;
        for (const std::size_t t : off) {
            double entry = -bar(o, x[t]); // <Vbar x_t, V X a_k - x_o>
            for (std::size_t u = 0; u < x.size(); ++u)
                entry += a[u] * gram(x[t], x[u]);
            sum += entry * entry;
        }
        return sum / static_cast<double>(off.size());
    }
};

} // namespace

std::vector<experiment> experiments() {
    auto parameters = all_parameters();
    parameters.push_back({"k", "query token, counted from 1", "1", "integer in 1 .. N"});
    arguments defaults = to_arguments(R0(), R0_V_on_C(), R0().Q);
    defaults.set("k", rational(1));
    return {{.id = "scb.A.noise",
             .description = "one sample given k: <Vbar x_t, r>^2 averaged over the off-support "
                            "positions t",
             .parameters = parameters,
             .defaults = defaults,
             .statistics = {"second_moment"},
             .prepare = [](const arguments& at) -> experiment::draw {
                 check_support(at);
                 const auto b = bigram_of(at);
                 const auto tables = std::make_shared<const noise_sampler>(
                     b, at.at("V"), at.at("A"), at.integer("k", 1, b.N()) - 1);
                 return [tables](std::uint64_t seed, std::uint64_t index, double* statistics) {
                     random::stream bits(seed, 0, static_cast<std::uint32_t>(index),
                                         static_cast<std::uint32_t>(index >> 32));
                     statistics[0] = (*tables)(bits);
                 };
             }}};
}

} // namespace flowproof::scb
