#include <boost/test/unit_test.hpp>

#include "tests/support/mentions.hpp"
#include "tests/support/small_paper.hpp"

using namespace flowproof;
using support::mentions;

namespace {

/// a' = (1 - a) e + KQ b (1 - a b), b' = KP a (1 - a b): the sink (1, 1), the saddle (0, -e / KQ).
zeros_in_box equilibria(std::size_t count = 2, const rational& widest = rational(2, 5)) {
    zeros_in_box z;
    z.system = record({"a", "b", "KP", "KQ", "e"}, [](auto a, auto b, auto KP, auto KQ, auto e) {
        return std::vector{(1 - a) * e + KQ * b * (1 - a * b), KP * a * (1 - a * b)};
    });
    z.unknowns = {{"a", rational(-2), rational(2)}, {"b", rational(-2), rational(2)}};
    z.parameters = {{"KP", rational(3, 10), widest},
                    {"KQ", rational(1, 2), rational(1, 2)},
                    {"e", rational(1, 10), rational(1, 10)}};
    z.count = count;
    z.indicators =
        record({"a", "b", "KP", "KQ", "e"}, [](auto a, auto b, auto KP, auto KQ, auto e) {
            const auto xx = -e - KQ * b * b, xy = KQ * (1 - 2 * a * b), yx = KP * (1 - 2 * a * b),
                       yy = -KP * a * a;
            return std::vector{xx * yy - xy * yx, xx + yy};
        });
    z.types = {{"saddle", {-1, 0}, count - 1}, {"sink", {1, -1}, 1}};
    return z;
}

} // namespace

BOOST_AUTO_TEST_SUITE(zeros_in_box_engine_test)

BOOST_AUTO_TEST_CASE(equilibria_are_counted_and_typed_for_all_parameters) {
    const decision d = decide(equilibria(), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::proved));
    const auto& e = std::get<zeros_isolated>(d.result.grounds());
    BOOST_REQUIRE(e.zeros.size() == 2u);
    BOOST_TEST(e.zeros[0].type != e.zeros[1].type);
    BOOST_REQUIRE(d.proof.payload.size() >= 2u);
    const std::string& text = d.proof.payload.front().second;
    BOOST_TEST(d.proof.payload.front().first == "proof of cell 1");
    BOOST_TEST(text.rfind("flowproof-certificate 1 zeros_in_box\ntape system\n", 0) == 0u);
    BOOST_TEST(mentions(text, "unknown a -2 2\nunknown b -2 2\nparameter KP 3/10 "));
    BOOST_TEST(mentions(text, "count 2\ntape indicators\n"));
    BOOST_TEST(mentions(text, "\nzero "));
    BOOST_TEST(mentions(text, "\nqed\n"));
    BOOST_TEST(d.proof.payload.back().first == "cells");
}

BOOST_AUTO_TEST_CASE(fixed_parameters_are_a_listed_instance) {
    const decision d = decide(equilibria(2, rational(3, 10)), small::quick());
    BOOST_TEST((d.result.result() == outcome::certified));
}

BOOST_AUTO_TEST_CASE(wrong_counts_and_types_are_refuted) {
    decision d = decide(equilibria(3), small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    const auto& c = std::get<counterexample>(d.result.grounds());
    BOOST_TEST(c.left == "2 zeros");
    BOOST_TEST(c.right == "3 zeros");
    BOOST_TEST(c.at.size() == 5u);
    zeros_in_box z = equilibria();
    z.types = {{"sink", {1, -1}, 2}};
    d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::refuted));
    BOOST_TEST(
        mentions(std::get<counterexample>(d.result.grounds()).right, "2 zeros of type sink"));
}

BOOST_AUTO_TEST_CASE(double_zeros_and_zeros_on_the_boundary_are_undecided_with_their_clusters) {
    zeros_in_box z;
    z.system = record({"x"}, [](auto x) { return x * x * (x - 1); });
    z.unknowns = {{"x", rational(-1), rational(3)}};
    z.count = 2;
    decision d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "multiple zero"));
    BOOST_TEST(mentions(d.result.cure(), "factors"));
    z.system = record({"x"}, [](auto x) { return (x + 1) * (x - 1); });
    d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "boundary"));
    z.system = record({"x"}, [](auto x) { return 1 / x - 1; });
    d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.reason(), "not certainly defined"));
}

BOOST_AUTO_TEST_CASE(an_indicator_that_vanishes_at_the_zero_is_undecided) {
    zeros_in_box z;
    z.system = record({"x"}, [](auto x) { return x - rational(1, 3); });
    z.unknowns = {{"x", rational(0), rational(1)}};
    z.count = 1;
    z.indicators = record({"x"}, [](auto x) { return 3 * x - 1; });
    z.types = {{"right", {1}, 1}};
    const decision d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::undecided));
    BOOST_TEST(mentions(d.result.cure(), "do not vanish"));
}

BOOST_AUTO_TEST_CASE(misuse_is_an_error_that_names_the_rule) {
    zeros_in_box z = equilibria();
    z.unknowns.pop_back();
    BOOST_TEST((decide(z, small::quick()).result.result() == outcome::error));
    z = equilibria();
    z.types.front().signs = {2, 0};
    const decision d = decide(z, small::quick());
    BOOST_REQUIRE((d.result.result() == outcome::error));
    BOOST_TEST(mentions(d.result.reason(), "saddle"));
    z = equilibria();
    z.unknowns.front() = {"a", rational(1), rational(1)};
    BOOST_TEST((decide(z, small::quick()).result.result() == outcome::error));
}

BOOST_AUTO_TEST_SUITE_END()
