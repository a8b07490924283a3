#pragma once

#include "verify/result/record.hpp"
#include "verify/result/verdict.hpp"

namespace flowproof::support {

inline claim_record sample_claim(const std::string& id, outcome expected, const verdict& v) {
    claim_record c;
    c.id = id;
    c.paper = id.substr(0, id.find('.'));
    c.statement = "statement of " + id;
    c.latex = R"(\frac{a_1}{b} < c)";
    c.hypotheses = {"a > 0", "a | b & c_1 < $d$"};
    c.source = "arXiv:2410.23438 v1, Theorem 2";
    c.method = "expansion to a normal form";
    c.kind = "identity";
    c.given = {"Stone-Weierstrass, by hand"};
    c.result = v.result();
    c.expected = expected;
    c.summary = v.summary();
    c.reason = v.reason();
    c.cure = v.cure();
    c.grounds = v.grounds();
    c.proof.kind = "identity";
    c.proof.payload_version = 3;
    c.proof.domain = {"K_P > 0"};
    c.proof.covers = coverage::listed;
    c.proof.fingerprint = "tape 1\nx0 x1 *";
    c.proof.control = "1 twin rejected";
    c.proof.payload = {{"left", "tape 1"}, {"left", "again"}};
    c.quantities = {id};
    c.twins = {{"sign flipped", "refuted", "refuted", true, "false at R0",
                counterexample{"R0", {{"K_P", "1/2"}}, "3/4", "-3/4"}}};
    c.seconds = 0.1;
    c.figures = {"scb.landscape"};
    return c;
}

/// A record with every kind of evidence, and text that is special in every format.
inline run_record sample_record() {
    run_record r;
    r.run.version = "0.1.0";
    r.run.commit = "0123456789abcdef";
    r.run.compiler = "GNU 12.2.0";
    r.run.libraries = {{"FLINT", "2.9.0"}, {"FLINT", "twice"}};
    r.run.profile = "quick";
    r.run.digits = 30;
    r.run.seed = 18446744073709551615ULL;
    r.run.threads = 8;
    r.run.wall_seconds = 1.0 / 3;
    r.run.started = "2024-06-11T00:00:00Z";
    r.run.rounding_self_test = "passed";
    r.run.error_budget = {{"scb", "1e-06"}};
    r.run.inputs = {{"weights.npy", "00ff"}};
    r.run.set = {{"KP", "1/2"}};
    const auto add = [&r](const char* id, outcome expected, const verdict& v) {
        r.claims.push_back(sample_claim(id, expected, v));
    };
    add("scb.identity", outcome::proved,
        verdict::holds(exact_identity{coverage::whole, 12, 21, 1406}));
    add("scb.agreement", outcome::certified, verdict::holds(exact_agreement{4, 96}));
    add("scb.enclosed", outcome::certified,
        verdict::holds(enclosed{coverage::listed, {{"l_1", "0.49", "0.51", "[0.4, 0.6]"}}, 128}));
    add("scb.wrong", outcome::refuted,
        verdict::falls(counterexample{"R0", {{"V", "[[1, 0], [0, 1]]"}}, "3/4", "1/2"}));
    r.claims.back().twins.clear();
    r.claims.back().control = "scb.identity";
    add("scb.refined", outcome::supported,
        verdict::holds(refinement{"halved steps", "1.0", "1.1", "0.1", "0.01", "0.2", -3}));
    add("scb.sampled", outcome::supported,
        verdict::falls(sampled{"scb.step", "mean", "0.5", "0.4", "0.6", "0.9", "0.05", 1e-7,
                               9007199254740993ULL, 9007199254740993ULL, "betting"}));
    add("scb.open", outcome::proved,
        verdict::undecided("too wide", "more digits",
                           scaled{"scb.step",
                                  "x_1",
                                  "root mean square",
                                  "B",
                                  {{"16", "0.25", "0.24", "0.26"}, {"64", "0.125", "0", "0.13"}},
                                  "-0.5",
                                  "-0.7",
                                  "",
                                  "-3/5",
                                  "-2/5",
                                  1e-8,
                                  9007199254740993ULL,
                                  9007199254740993ULL,
                                  "student"}));
    const verdict part = verdict::holds(exact_agreement{1, 1});
    add("ical.parts", outcome::certified,
        verdict::composed({{"lemma 1", true, &part}, {"lemma 2", false, &part}}));
    add("ical.broken", outcome::proved, verdict::broken("out of memory at <0x1>"));
    claim_record later = sample_claim("ical.later", outcome::proved, verdict::broken(""));
    later.result = outcome::not_run;
    r.claims.push_back(later);
    add("scb.along", outcome::supported,
        verdict::holds(integrated{"two orders", {{"tau", "10.6", "1e-30", ">= 10"}}, 44}));
    r.series = {
        {"scb.landscape", "A \"title\" with 'quotes'", "scb.identity", {"α_V"}, {{"α_A"}}, {}, ""}};
    layer_series surface{"surface", "loss", "scb.loss", {"x", "y", "loss"}, {}};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            surface.rows.push_back(
                {std::to_string(i), std::to_string(j), std::to_string(i * i * 100 + j)});
    r.series[0].layers = {
        surface,
        {"curve",
         "p = 1",
         "scb.p",
         {"t", "x", "y"},
         {{"0", "0", "1"}, {"1", "1", "nan"}, {"2", "1", "2"}, {"3", "2", "0.1"}, {"4", "2", "0"}}},
        {"points", "minimum", "scb.minimum", {"x", "y"}, {{"1", "1"}}}};
    return r;
}

} // namespace flowproof::support
