#include "theory/scb/claims.hpp"
#include "theory/scb/dynamics.hpp"

namespace flowproof::scb {

namespace {

struct flow_row {
    std::int64_t t;
    const char* printed[3]; ///< alphaV, alphaA, E
};
struct flow_run {
    const char* name;
    sizes<rational> c;
    rational alphaV; ///< at t = 0; alphaA = 0
    std::vector<flow_row> rows;
};

const std::vector<flow_run>& runs() {
    static const std::vector<flow_run> all = {
        {"R1",
         {{1, 2}, {1, 3}, 100},
         0,
         {{1,
           {"0.0102288667129901584734491231317", "0.00252643745353738441478010477013",
            "0.0857781435310454361223071199883"}},
          {5,
           {"0.0902336652462561477315803104268", "0.0856233327837999425096837196121",
            "0.0841198101626525760332486076835"}},
          {10,
           {"0.558435298889542352940842451096", "0.660276656169272542244399260409",
            "0.0336967964715531990220295360872"}},
          {15,
           {"0.902125047560609350867827323473", "1.07977177375337187748533891758",
            "0.0000798963896958145795002309147976"}},
          {20,
           {"0.916306530520000931089546427047", "1.09206814367824320161765594208",
            "0.0000175488079949721889645020252054"}},
          {40,
           {"0.924678446603664259033877122319", "1.0825423268890082038452924784",
            "0.0000142672682713121912082351632716"}}}},
        {"R2",
         {{1, 10}, {1, 2}, 1000},
         0,
         {{10,
           {"0.0205786329425391647684985030327", "0.00743625907982074823758163660449",
            "0.025040312493848544604479688312"}},
          {30,
           {"1.1529199537346399159661991875", "0.514704293855037888195738648774",
            "0.00413399697585631757283010676173"}},
          {60,
           {"1.48877065579948028019853220627", "0.671200992590940592470689153304",
            "0.0000119583675190614480009852076403"}}}},
        {"R3",
         {{1, 2}, {1, 3}, 10'000},
         {1, 5},
         {{1,
           {"0.216623607346624367526287992587", "0.10168430343221225229161358292",
            "0.0797179050649986390210009322953"}},
          {5,
           {"0.607708784700615633048205852102", "0.702603390036327060465803350034",
            "0.0273666742560875121872679703198"}},
          {10,
           {"0.904937619524118055837595957636", "1.08066621771968592789306209386",
            "0.0000407960478697602969728226790509"}},
          {20,
           {"0.914880852603932611076488163021", "1.0930439607470677388390427859",
            "0.000000181133806961192897430599486124"}}}}};
    return all;
}

/// @param first  the first of the runs that is tabulated
flow_table tabulated(const writing& velocity = manifold_flow, std::size_t first = 0) {
    flow_value request = orbit();
    request.velocity = written(velocity);
    flow_table table{.value = request, .rows = {}, .enclosed = true};
    const char* const names[] = {"alphaV", "alphaA", "E"};
    for (std::size_t k = first; k < runs().size(); ++k)
        for (const flow_run& run = runs()[k]; const flow_row& row : run.rows) {
            const arguments at = instance_at(run.c)
                                     .set("alphaV", run.alphaV)
                                     .set("alphaA", rational(0))
                                     .set("t", rational(row.t));
            for (Eigen::Index i = 0; i < 3; ++i)
                table.rows.push_back(
                    {std::string(names[i]) + " of " + run.name + " at t = " + std::to_string(row.t),
                     at, i, within_last_digit(row.printed[i])});
        }
    return table;
}

} // namespace

std::vector<claim> flow_table_claims() {
    return {{
        .id = "scb.flow.table",
        .statement = "three runs of the planar flow, two from scratch and one transferred, to 30 "
                     "digits",
        .latex =
            R"((\alpha_V,\alpha_A,\mathcal E)(t):\ \text{R1 }(\tfrac12,\tfrac13,100),\ \text{R2 }(\tfrac1{10},\tfrac12,1000),\ \text{R3 }(\tfrac12,\tfrac13,10^4)\text{ from }(\tfrac15,0))",
        .from = derived("the flow on the manifold"),
        .hypotheses = {"start at (0, 0), R3 at (1/5, 0)"},
        .method = "Taylor integration, every number enclosed",
        .expected = outcome::certified,
        .shown_by = tabulated(),
        .twins = {{"drift 1/T for (1 - alphaV)/T",
                   first_rows(
                       tabulated([](letters& x) {
                           const auto velocity = manifold_flow(x);
                           return std::vector<expr>{velocity[0] + x["u"] / x["T"], velocity[1]};
                       }),
                       6)},
                  // From scratch nothing would move.
                  {"R3 without the 1/T terms", first_rows(tabulated(undriven_flow, 2), 3)}},
        .quantities = {"scb.flow"},
    }};
}

} // namespace flowproof::scb
