#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "numerics/linalg/eigenvalues.hpp"
#include "tests/support/random_rational.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;

namespace {

matrix<rational> unimodular(Eigen::Index n, std::mt19937_64& rng) {
    matrix<rational> lower(n, n), upper(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j) {
            const rational entry(static_cast<std::int64_t>(rng() % 5) - 2);
            lower(i, j) = i == j ? rational(1) : i > j ? entry : rational(0);
            upper(i, j) = i == j ? rational(1) : i < j ? entry : rational(0);
        }
    return lower * upper;
}

matrix<ball> balls(const matrix<rational>& a, std::int64_t bits = 128) {
    matrix<ball> b(a.rows(), a.cols());
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        for (Eigen::Index j = 0; j < a.cols(); ++j)
            b(i, j) = ball(a(i, j), bits);
    return b;
}

matrix<rational> rows_of(Eigen::Index n, std::initializer_list<std::int64_t> entries) {
    matrix<rational> a(n, n);
    auto e = entries.begin();
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            a(i, j) = rational(*e++);
    return a;
}

/// Takes one enclosure for each value: are all values enclosed, with multiplicity?
bool encloses(std::vector<complex_ball> found, const std::vector<rational>& values) {
    for (const rational& x : values) {
        const auto it = std::find_if(found.begin(), found.end(), [&](const complex_ball& f) {
            return f.re.contains(x) && f.im.contains_zero();
        });
        if (it == found.end()) return false;
        found.erase(it);
    }
    return found.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(eigenvalues_test)

BOOST_AUTO_TEST_CASE(similar_matrices_keep_known_rational_eigenvalues) {
    const std::uint64_t seed = support::seed(20260615);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(40); ++trial) {
        const auto n = static_cast<Eigen::Index>(1 + rng() % 5);
        matrix<rational> d(n, n);
        d.fill(rational(0));
        std::vector<rational> values;
        for (Eigen::Index i = 0; i < n; ++i) { // repeated ones are likely
            d(i, i) = rational(static_cast<std::int64_t>(rng() % 9) - 4, 2);
            values.push_back(d(i, i));
        }
        const matrix<rational> c = unimodular(n, rng);
        const matrix<rational> half = c * d;
        const matrix<rational> a = half * inverse(c);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", A =\n" << a) {
            BOOST_TEST(encloses(eigenvalues(a, 128), values));
            const auto found = eigenvalues(balls(a), 128);
            const std::set<rational> distinct(values.begin(), values.end());
            BOOST_TEST((found.has_value() || distinct.size() < values.size()));
            if (!found) continue;
            BOOST_TEST(encloses(*found, values));
            rational radius(0);
            for (const rational& x : values)
                radius = std::max(radius, abs(x));
            const auto bound = spectral_radius(balls(a), 128);
            BOOST_TEST_REQUIRE(bound.has_value());
            BOOST_TEST(bound->contains(radius));
            BOOST_TEST((bound->radius() < rational(1, 1 << 20)));
        }
    }
}

BOOST_AUTO_TEST_CASE(jordan_blocks_of_exact_matrices_are_enclosed_with_their_multiplicity) {
    for (Eigen::Index n = 2; n <= 6; ++n) {
        matrix<rational> a(n, n);
        a.fill(rational(0));
        for (Eigen::Index i = 0; i < n; ++i) {
            a(i, i) = i < 4 ? rational(1, 3) : rational(-2);
            if (i > 0) a(i, i - 1) = rational(1);
        }
        std::vector<rational> values;
        for (Eigen::Index i = 0; i < n; ++i)
            values.push_back(a(i, i));
        const auto found = eigenvalues(a, 256);
        BOOST_TEST(encloses(found, values));
        for (const complex_ball& f : found) {
            BOOST_TEST((f.im.is_exact() && f.im.contains_zero()));
            BOOST_TEST((f.re.radius() < power(rational(2), -200)));
        }
        // Nearby matrices have other eigenvalues: in balls nothing, or clusters.
        const auto nearby = eigenvalues(balls(a, 256), 256);
        BOOST_TEST((!nearby || encloses(*nearby, values)));
    }
}

BOOST_AUTO_TEST_CASE(symmetric_matrices_with_repeated_eigenvalues_are_enclosed_in_order) {
    const std::uint64_t seed = support::seed(20260620);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(60); ++trial) {
        const auto n = static_cast<Eigen::Index>(1 + rng() % 6);
        // Householder reflections with rational vectors keep eigenvalues rational.
        matrix<rational> a(n, n), v(n, 1);
        a.fill(rational(0));
        std::vector<rational> values;
        for (Eigen::Index i = 0; i < n; ++i) {
            a(i, i) = rational(static_cast<std::int64_t>(rng() % 5) - 2, 3);
            v(i, 0) = support::small_nonzero(rng);
            values.push_back(a(i, i));
        }
        std::sort(values.begin(), values.end());
        const rational norm = (v.transpose() * v)(0, 0);
        const matrix<rational> vv = v * v.transpose();
        matrix<rational> h(n, n);
        for (Eigen::Index i = 0; i < n; ++i)
            for (Eigen::Index j = 0; j < n; ++j)
                h(i, j) = rational(i == j ? 1 : 0) - 2 * vv(i, j) / norm;
        const matrix<rational> half = h * a;
        const matrix<rational> reflected = half * h;
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", A =\n" << reflected) {
            const auto found = symmetric_eigenvalues(balls(reflected), 128);
            BOOST_TEST_REQUIRE(found.has_value());
            for (std::size_t k = 0; k < values.size(); ++k) {
                BOOST_TEST((*found)[k].contains(values[k]));
                BOOST_TEST(((*found)[k].radius() < power(rational(10), -13)));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(rotations_have_complex_pairs_and_real_ones_are_known_to_be_real) {
    // 3 i, -3 i and 1/2 of size 3.
    matrix<rational> a = rows_of(3, {0, -3, 0, 3, 0, 0, 0, 0, 0});
    a(2, 2) = rational(1, 2);
    const auto found = eigenvalues(balls(a), 128);
    BOOST_TEST_REQUIRE(found.has_value());
    int real = 0;
    for (const complex_ball& f : *found) {
        if (f.im.is_exact() && f.im.contains_zero()) {
            ++real;
            BOOST_TEST(f.re.contains(rational(1, 2)));
        } else {
            BOOST_TEST((f.im.contains(rational(3)) || f.im.contains(rational(-3))));
        }
    }
    BOOST_TEST(real == 1);
    BOOST_TEST(spectral_radius(balls(a), 128)->contains(rational(3)));
}

BOOST_AUTO_TEST_CASE(wide_entries_give_enclosures_of_every_member) {
    matrix<ball> a = balls(rows_of(2, {2, 1, 1, 2}));
    a(0, 0) = ball::hull(rational(19, 10), rational(21, 10), 64);
    const auto found = symmetric_eigenvalues(a, 64);
    BOOST_TEST_REQUIRE(found.has_value());
    for (const rational& corner : {rational(19, 10), rational(2), rational(21, 10)}) {
        matrix<ball> member = balls(rows_of(2, {2, 1, 1, 2}));
        member(0, 0) = ball(corner, 64);
        const auto exact = symmetric_eigenvalues(member, 64);
        BOOST_TEST_REQUIRE(exact.has_value());
        for (std::size_t k = 0; k < 2; ++k)
            BOOST_TEST((*found)[k].contains((*exact)[k]));
    }
}

BOOST_AUTO_TEST_CASE(inertia_follows_sylvesters_law) {
    const std::uint64_t seed = support::seed(20260616);
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < support::trials(100); ++trial) {
        const auto n = static_cast<Eigen::Index>(1 + rng() % 6);
        matrix<rational> d(n, n);
        d.fill(rational(0));
        inertia expected{0, 0};
        for (Eigen::Index i = 0; i < n; ++i) {
            d(i, i) = support::small_nonzero(rng);
            ++(d(i, i).sign() < 0 ? expected.negative : expected.positive);
        }
        const matrix<rational> c = unimodular(n, rng);
        const matrix<rational> half = c * d;
        const matrix<rational> a = half * c.transpose();
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", A =\n" << a) {
            const auto found = inertia_of(balls(a), 128);
            BOOST_TEST_REQUIRE(found.has_value());
            BOOST_TEST((*found == expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(inertia_is_unknown_where_a_member_is_singular_and_known_beyond_doubles) {
    matrix<ball> a = balls(rows_of(2, {1, 1, 1, 1}), 256);
    BOOST_TEST(!inertia_of(a, 256).has_value());
    a(1, 1) = ball(1 + power(rational(10), -40), 256); // beyond what doubles resolve
    BOOST_TEST((inertia_of(a, 256) == inertia{0, 2}));
    a(1, 1) = ball(1 - power(rational(10), -40), 256);
    BOOST_TEST((inertia_of(a, 256) == inertia{1, 1}));
    a(1, 1) = ball::hull(rational(99, 100), rational(101, 100), 64);
    BOOST_TEST(!inertia_of(a, 64).has_value());
    // The centre is the identity, members are indefinite.
    matrix<ball> wide = balls(rows_of(2, {1, 0, 0, 1}), 64);
    wide(0, 1) = wide(1, 0) = ball::hull(rational(-2), rational(2), 64);
    BOOST_TEST(!inertia_of(wide, 64).has_value());
    a(1, 1) = ball::hull(rational(3, 2), rational(2), 64);
    BOOST_TEST((inertia_of(a, 64) == inertia{0, 2}));
}

BOOST_AUTO_TEST_CASE(unknown_entries_and_misuse) {
    matrix<ball> a = balls(rows_of(2, {1, 0, 0, 1}));
    a(0, 0) = ball(1) / ball::hull(rational(-1), rational(1), 64);
    BOOST_TEST(!eigenvalues(a, 64).has_value());
    BOOST_TEST(!inertia_of(a, 64).has_value());
    BOOST_CHECK_THROW(eigenvalues(matrix<ball>(2, 3), 64), std::invalid_argument);
    BOOST_CHECK_THROW(symmetric_eigenvalues(balls(rows_of(2, {1, 2, 3, 4})), 64),
                      std::invalid_argument);
    BOOST_CHECK_THROW(inertia_of(balls(rows_of(2, {1, 2, 3, 4})), 64), std::invalid_argument);
    BOOST_CHECK_THROW(spectral_radius(matrix<ball>(0, 0), 64), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
