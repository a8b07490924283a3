#include "theory/core/worksheet.hpp"
#include "theory/landscapes/claims.hpp"
#include "theory/landscapes/losses.hpp"

namespace flowproof::landscapes {

namespace {

source derived() { return {"flowproof", "derived", "3. A chain of three weights"}; }

/// The gradient of F at (w, w, w) is 2 w (w^4 - w + lambda) in each component.
identity balanced_gradient(std::int64_t exponent = 4) {
    worksheet sheet;
    const expr u = sheet.symbol("u"), v = sheet.symbol("v"), w = sheet.symbol("w"),
               lambda = sheet.symbol("lambda");
    const expr value = chain_loss(u, v, w, lambda);
    const expr reduced = 2 * w * (power(w, exponent) - w + lambda);
    for (const char* name : {"u", "v", "w"}) {
        const expr slope = sheet.derivative(value, name);
        sheet.equate(sheet.substitute(sheet.substitute(slope, "u", w), "v", w), reduced);
    }
    return sheet.finish();
}

/// w^4 - w + lambda has this many positive roots.
real_roots balanced_points(const rational& lambda, std::size_t count) {
    return {record({"w"}, [&](auto w) { return power(w, 4) - w + lambda; }), rational(0),
            std::nullopt, count};
}

claim balanced() {
    return {
        .id = "landscapes.chain.balanced",
        .statement = "a chain of three equal weights keeps two critical points under weight decay "
                     "2/5 and none under 12/25",
        .latex =
            R"(\nabla F(w,w,w)=2w(w^4-w+\lambda)(1,1,1);\quad \#\{w>0\}=2\ (\lambda=\tfrac25),\ 0\ (\lambda=\tfrac{12}{25}))",
        .from = derived(),
        .method = "derivatives on the tape; Sturm chains of the reduced quartic",
        .given = {"the two meet at lambda = 3/4^(4/3) = 0.4724..., between 2/5 and 12/25"},
        .expected = outcome::proved,
        .shown_by = all_of{{make_lemma("reduction", balanced_gradient()),
                            make_lemma("two", balanced_points(rational(2, 5), 2)),
                            make_lemma("none", balanced_points(rational(12, 25), 0))}},
        .twins = {{"w^3 in place of w^4", balanced_gradient(3), "reduction"},
                  {"one at 2/5", balanced_points(rational(2, 5), 1), "two"},
                  {"none at 47/100", balanced_points(rational(47, 100), 0), "none"}},
    };
}

/// F at decay 1/10 minus its value on the balanced line is bounded below there.
claim line() {
    const auto on_the_line = [](const rational& lower) {
        return sum_of_squares{
            record({"w"},
                   [](auto w) { return power(1 - power(w, 3), 2) + rational(3, 10) * (w * w); }),
            lower,
            {}};
    };
    return {
        .id = "landscapes.chain.line",
        .statement =
            "on the balanced line the chain's loss with weight decay 1/10 exceeds 289/1000",
        .latex = R"(F(w,w,w)=(1-w^3)^2+\tfrac3{10}w^2\ge\tfrac{289}{1000})",
        .from = derived(),
        .method = "a positive definite Gram matrix over 1, w, w^2, w^3",
        .expected = outcome::proved,
        .shown_by = on_the_line(rational(289, 1000)),
        .twins = {{"29/100", on_the_line(rational(29, 100))}},
    };
}

} // namespace

std::vector<claim> chain_claims() { return {balanced(), line()}; }

} // namespace flowproof::landscapes
