#include <boost/test/unit_test.hpp>

#include "numerics/scalar/evaluate.hpp"
#include "theory/scb/enumerate.hpp"
#include "theory/scb/instances.hpp"
#include "theory/scb/symbolic.hpp"

using namespace flowproof;
using namespace flowproof::scb;

namespace {

rational read(const char* text) { return rational::parse(text); }

} // namespace

BOOST_AUTO_TEST_SUITE(model_test)

BOOST_AUTO_TEST_CASE(the_reference_instance_has_the_tabulated_constants) {
    const auto b = R0();
    BOOST_TEST(b.mu(0, 0) == read("4/19"));
    BOOST_TEST(b.mu(1, 0) == read("7/19"));
    BOOST_TEST(b.mu(2, 0) == read("8/19"));
    BOOST_TEST(KP(b) == read("739/10108"));
    BOOST_TEST(KQ(b) == read("221/684"));
    BOOST_TEST(squared_norm(b.mu) == read("129/361"));
    BOOST_TEST(inner(b.Q, b.Q, b.mu) == read("98/171"));
}

BOOST_AUTO_TEST_CASE(the_losses_of_the_reference_instance_are_the_tabulated_fractions) {
    const auto b = R0();
    BOOST_TEST(population_loss(b, R0_V(), R0_A()) == read("286265/329232"));
    BOOST_TEST(enumerated_loss(b, R0_V(), R0_A()) == read("286265/329232"));
    BOOST_TEST(bayes_loss(b) == read("74171/246924"));
    BOOST_TEST(initial_loss(b) == read("116/361"));
    BOOST_TEST(initial_loss(b) - bayes_loss(b) == read("5173/246924"));
}

BOOST_AUTO_TEST_CASE(the_start_noise_of_the_reference_instance_is_tabulated) {
    const auto b = R0();
    BOOST_TEST(sigma_G(b) == read("52569/161728"));
    BOOST_TEST(signal(b).h0 == read("5447/260642"));
    BOOST_TEST(signal(b).h1 == read("2421329/102171664"));
    BOOST_TEST(signal_second_moment(b) == read("464579/86039296"));
    const auto m = enumerated_start(b);
    BOOST_TEST(m.second == sigma_G(b));
    BOOST_TEST(m.signal_squared == signal_second_moment(b));
}

BOOST_AUTO_TEST_CASE(the_attention_noise_of_the_reference_instance_is_tabulated) {
    const auto b = R0();
    const auto V = R0_V_on_C();
    const rational expected[] = {read("237992/130321"), read("2323120/1172889"),
                                 read("14910/6859")};
    for (Index k = 0; k < 3; ++k) {
        BOOST_TEST(off_support_noise(b, V, b.Q, k) == expected[k]);
        const auto moments = enumerated_entry_moments(b, V, b.Q, k);
        for (Index t = 0; t < b.T(); ++t)
            if (b.Q(t, k).is_zero()) BOOST_TEST(moments(t, 1) == expected[k]);
    }
    BOOST_TEST(parts(b, V, b.Q).W == read("568/361"));
    const auto S = value_covariance(b, V);
    BOOST_TEST(S(0, 0) + S(1, 1) + S(2, 2) == read("568/361"));
}

BOOST_AUTO_TEST_CASE(the_curvature_at_the_start_of_the_reference_instance_is_tabulated) {
    const auto b = R0();
    matrix<rational> V(3, 3);
    for (Index j = 0; j < 3; ++j)
        V.col(j) = b.mu;
    BOOST_TEST(column_sum_curvature(b, V, 0) == read("2064/6859"));
    BOOST_TEST(column_sum_curvature(b, V, 1) == read("3612/6859"));
    BOOST_TEST(column_sum_curvature(b, V, 2) == read("4128/6859"));
}

BOOST_AUTO_TEST_CASE(random_instances_satisfy_their_hypotheses_and_are_reproducible) {
    const std::uint64_t seed = 20240611;
    for (std::uint64_t k = 0; k < 60; ++k)
        BOOST_TEST_CONTEXT("seed " << seed << ", instance " << k) {
            BOOST_CHECK_NO_THROW(check_weights(random_instance(seed, k, weights::free).at));
            BOOST_CHECK_NO_THROW(check_on_C(random_instance(seed, k, weights::on_C).at));
            BOOST_CHECK_NO_THROW(check_support(random_instance(seed, k, weights::sparse).at));
            BOOST_CHECK_NO_THROW(check_bigram(random_instance(seed, k, weights::none).at));
            BOOST_CHECK_NO_THROW(check_bigram(random_uniform_instance(seed, k).at));
            BOOST_TEST(random_instance(seed, k, weights::on_C).at.str() ==
                       random_instance(seed, k, weights::on_C).at.str());
            BOOST_TEST(!KP(bigram_of(random_uniform_instance(seed, k).at)).is_zero());
        }
}

BOOST_AUTO_TEST_CASE(closed_forms_equal_the_enumeration_at_random_instances) {
    const std::uint64_t seed = 7;
    for (std::uint64_t k = 0; k < 6; ++k) {
        const auto at = random_instance(seed, k, weights::free).at;
        const auto b = bigram_of(at);
        const auto &V = at.at("V"), &A = at.at("A");
        BOOST_TEST_CONTEXT("seed " << seed << ": " << at.str()) {
            BOOST_TEST(population_loss(b, V, A) == enumerated_loss(b, V, A));
            BOOST_CHECK(gradient_V(b, V, A) == enumerated_gradient_V(b, V, A));
            BOOST_CHECK(gradient_A(b, V, A) == enumerated_gradient_A(b, V, A));
            BOOST_TEST(sigma_G(b) == enumerated_start(b).second);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_symbolic_law_at_two_tokens_meets_the_hypotheses) {
    worksheet sheet;
    const auto b = two_by_two(sheet, weights::none).b;
    sheet.equate(product(b.P, b.mu), b.mu);
    const identity stationary = sheet.finish();
    const std::vector<rational> point{read("3/7"), read("-2/5"), read("1/3"), read("5/6")};
    BOOST_TEST((evaluate(stationary.left, point) == evaluate(stationary.right, point)));
}

BOOST_AUTO_TEST_CASE(a_violated_hypothesis_is_named_with_its_values) {
    const auto says = [](const char* words) {
        return [words](const std::exception& e) {
            BOOST_TEST_INFO(e.what());
            return std::string(e.what()).find(words) != std::string::npos;
        };
    };
    auto at = to_arguments(R0(), R0_V_on_C(), R0_A_on_C());
    const auto with = [&](const char* name, Index i, Index j, const rational& value) {
        auto m = at.at(name);
        m(i, j) = value;
        auto changed = at;
        changed.set(name, m);
        return changed;
    };
    using error = std::invalid_argument;
    BOOST_CHECK_EXCEPTION(check_bigram(with("P", 0, 1, 0)), error,
                          says("columns of P must sum to 1, column 2 sums to 5/7"));
    BOOST_CHECK_EXCEPTION(check_bigram(with("Q", 0, 0, 1)), error,
                          says("columns of Q must sum to 1, column 1 sums to 3/2"));
    BOOST_CHECK_EXCEPTION(check_bigram(with("mu", 0, 0, 0)), error,
                          says("mu must be positive, entry 1 is 0"));
    BOOST_CHECK_EXCEPTION(check_bigram(with("mu", 0, 0, 1)), error,
                          says("mu must sum to 1, its sum is 34/19"));
    BOOST_CHECK_EXCEPTION(check_on_C(with("A", 0, 0, 5)), error, says("columns of A"));
    auto shifted = R0();
    shifted.mu(0, 0) = read("7/19");
    shifted.mu(1, 0) = read("4/19");
    BOOST_CHECK_EXCEPTION(check_bigram(to_arguments(shifted)), error,
                          says("P mu must equal mu, entry 1 is"));
    auto other = at;
    other.set("V", rows({{1, 0}, {0, 1}}));
    BOOST_CHECK_EXCEPTION(check_weights(other), error,
                          says("V must be N x N = 3 x 3 to fit mu and Q, got 2 x 2"));
    auto flat = at;
    flat.set("Q", rows({{1, 1, 1}}));
    BOOST_CHECK_EXCEPTION(check_bigram(flat), error, says("T >= 2 positions, Q is 1 x 3"));
}

BOOST_AUTO_TEST_CASE(enumeration_refuses_more_than_a_million_outcomes) {
    auto b = R0();
    b.Q = matrix<rational>::Constant(12, 3, rational(1, 12));
    const matrix<rational> A = b.Q;
    BOOST_CHECK_THROW(enumerated_loss(b, b.P, A), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
