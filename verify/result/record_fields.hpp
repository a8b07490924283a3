#pragma once

#include <array>
#include <concepts>
#include <fmt/format.h>
#include <type_traits>
#include <variant>

#include "verify/result/record.hpp"

/// The fields of a record in the order of the document (README.md), listed once for writer and
/// reader. fields(v, x) shows every field of x to a visitor v:
///
///     v.field(key, value)           required
///     v.younger(key, value)         absent from older records, which keep the default
///     v.fleeting(key, value)        volatile: left out on request
///     v.constant(key, value, need)  always this value; `need` says so where it is another
///     v.first_label(key, panels)    label of the first of at least one panel
///
/// A value is text, a truth value, a count, an outcome, a coverage, pairs, a list, a structure that
/// has fields, or one of the wrappers below.
namespace flowproof {

/// T, const or not: the reader fills what the writer reads.
template <class T, class Plain>
concept maybe_const = std::same_as<std::remove_const_t<T>, Plain>;

/// A number that the document writes as text.
template <class Number> struct as_text { Number& number; };
template <class Number> as_text(Number&) -> as_text<Number>;

/// The range of an axis: a pair, or null where it is left to the data.
template <maybe_const<axis_series> Axis> struct range_of { Axis& axis; };
template <class Axis> range_of(Axis&) -> range_of<Axis>;

/// Tags of evidence, in the order of its alternatives.
inline constexpr std::array<const char*, std::variant_size_v<evidence>> evidence_kinds = {
    "none",          "exact_identity", "exact_agreement", "enclosed", "counterexample",
    "refinement",    "integrated",     "sampled",         "scaled",   "composite",
    "signs_certain", "zeros_isolated", "witnessed"};

void fields(auto&, maybe_const<std::monostate> auto&) {}

void fields(auto& v, maybe_const<exact_identity> auto& e) {
    v.field("coverage", e.covers);
    v.field("outputs", e.outputs);
    v.field("generators", e.generators);
    v.field("terms", e.terms);
}

void fields(auto& v, maybe_const<exact_agreement> auto& e) {
    v.field("instances", e.instances);
    v.field("values", e.values);
}

void fields(auto& v, maybe_const<enclosed::row> auto& r) {
    v.field("name", r.name);
    v.field("lower", r.lower);
    v.field("upper", r.upper);
    v.field("target", r.target);
}

void fields(auto& v, maybe_const<enclosed> auto& e) {
    v.field("coverage", e.covers);
    v.field("bits", e.bits);
    v.field("rows", e.rows);
}

void fields(auto& v, maybe_const<signs_certain> auto& e) {
    v.field("coverage", e.covers);
    v.field("outputs", e.outputs);
    v.field("parts", e.parts);
    v.field("outside", e.outside);
    v.field("depth", e.depth);
}

void fields(auto& v, maybe_const<zeros_isolated::zero> auto& z) {
    v.field("type", z.type);
    v.field("box", z.box);
}

void fields(auto& v, maybe_const<zeros_isolated> auto& e) {
    v.field("coverage", e.covers);
    v.field("zeros", e.zeros);
    v.field("parts", e.parts);
}

void fields(auto& v, maybe_const<witnessed> auto& e) {
    v.field("coverage", e.covers);
    v.field("what", e.what);
    v.field("count", e.count);
}

void fields(auto& v, maybe_const<counterexample> auto& e) {
    v.field("where", e.where);
    v.field("at", e.at);
    v.field("left", e.left);
    v.field("right", e.right);
}

void fields(auto& v, maybe_const<refinement> auto& e) {
    v.field("model", e.model);
    v.field("value", e.value);
    v.field("reference", e.reference);
    v.field("difference", e.difference);
    v.field("error", e.error);
    v.field("tolerance", e.tolerance);
    v.field("level", e.level);
}

void fields(auto& v, maybe_const<integrated::row> auto& r) {
    v.field("name", r.name);
    v.field("value", r.value);
    v.field("error", r.error);
    v.field("target", r.target);
}

void fields(auto& v, maybe_const<integrated> auto& e) {
    v.field("model", e.model);
    v.field("digits", e.digits);
    v.field("rows", e.rows);
}

void fields(auto& v, maybe_const<sampled> auto& e) {
    v.field("experiment", e.experiment);
    v.field("statistic", e.statistic);
    v.field("mean", e.mean);
    v.field("lower", e.lower);
    v.field("upper", e.upper);
    v.field("expected", e.expected);
    v.field("tolerance", e.tolerance);
    v.field("level", as_text{e.level});
    v.field("draws", e.draws);
    v.field("seed", as_text{e.seed});
    v.field("method", e.method);
}

void fields(auto& v, maybe_const<scaled::point> auto& p) {
    v.field("value", p.value);
    v.field("moment", p.moment);
    v.field("lower", p.lower);
    v.field("upper", p.upper);
}

void fields(auto& v, maybe_const<scaled> auto& e) {
    v.field("experiment", e.experiment);
    v.field("statistic", e.statistic);
    v.field("moment", e.moment);
    v.field("parameter", e.parameter);
    v.field("points", e.points);
    v.field("slope", e.slope);
    v.field("lower", e.lower);
    v.field("upper", e.upper);
    v.field("band_lower", e.band_lower);
    v.field("band_upper", e.band_upper);
    v.field("level", as_text{e.level});
    v.field("draws", e.draws);
    v.field("seed", as_text{e.seed});
    v.field("method", e.method);
}

void fields(auto& v, maybe_const<composite::part> auto& p) {
    v.field("name", p.name);
    v.field("outcome", p.result);
    v.field("necessary", p.necessary);
    v.field("summary", p.summary);
}

void fields(auto& v, maybe_const<composite> auto& e) { v.field("parts", e.parts); }

void fields(auto& v, maybe_const<certificate> auto& c) {
    v.constant("version", certificate::version,
               fmt::format("certificate version {}", certificate::version));
    v.field("kind", c.kind);
    v.field("payload_version", c.payload_version);
    v.field("domain", c.domain);
    v.field("coverage", c.covers);
    v.field("fingerprint", c.fingerprint);
    v.field("control", c.control);
    v.field("payload", c.payload);
}

void fields(auto& v, maybe_const<twin_record> auto& t) {
    v.field("name", t.name);
    v.field("expected", t.expected);
    v.field("outcome", t.result);
    v.field("rejected", t.rejected);
    v.field("summary", t.summary);
    v.field("evidence", t.grounds);
}

void fields(auto& v, maybe_const<claim_record> auto& c) {
    v.field("id", c.id);
    v.field("paper", c.paper);
    v.field("statement", c.statement);
    v.field("latex", c.latex);
    v.field("hypotheses", c.hypotheses);
    v.field("source", c.source);
    v.field("method", c.method);
    v.field("kind", c.kind);
    v.field("given", c.given);
    v.field("outcome", c.result);
    v.field("expected", c.expected);
    v.field("summary", c.summary);
    v.field("reason", c.reason);
    v.field("cure", c.cure);
    v.field("evidence", c.grounds);
    v.field("certificate", c.proof);
    v.field("quantities", c.quantities);
    v.field("twins", c.twins);
    v.field("control", c.control);
    v.fleeting("seconds", as_text{c.seconds});
    v.field("figures", c.figures);
}

void fields(auto& v, maybe_const<layer_series> auto& l) {
    v.field("draw", l.draw);
    v.field("label", l.label);
    v.field("quantity", l.quantity);
    v.field("columns", l.columns);
    v.field("rows", l.rows);
    v.younger("panel", l.panel);
    v.younger("as_points", l.as_points);
    v.younger("verdict", l.verdict);
}

void fields(auto& v, maybe_const<axis_series> auto& y) { // of a panel; figure_series lists its x
    v.field("y_label", y.label);
    v.field("y_logarithmic", y.logarithmic);
    v.field("y_range", range_of{y});
}

void fields(auto& v, maybe_const<figure_series> auto& f) {
    v.field("id", f.id);
    v.field("title", f.title);
    v.field("claim", f.claim);
    v.field("x_label", f.x.label);
    v.younger("x_logarithmic", f.x.logarithmic);
    v.younger("x_range", range_of{f.x});
    v.first_label("y_label", f.panels);
    v.younger("panels", f.panels);
    v.field("layers", f.layers);
    v.field("error", f.error);
}

void fields(auto& v, maybe_const<run_info> auto& r) {
    v.field("version", r.version);
    v.field("commit", r.commit);
    v.field("compiler", r.compiler);
    v.field("flags", r.flags);
    v.field("instruction_set", r.instruction_set);
    v.field("libraries", r.libraries);
    v.field("profile", r.profile);
    v.field("digits", r.digits);
    v.field("seed", as_text{r.seed});
    v.fleeting("threads", r.threads);
    v.fleeting("wall_seconds", as_text{r.wall_seconds});
    v.fleeting("started", r.started);
    v.field("interrupted", r.interrupted);
    v.field("rounding_self_test", r.rounding_self_test);
    v.field("error_budget", r.error_budget);
    v.field("inputs", r.inputs);
    v.field("set", r.set);
}

void fields(auto& v, maybe_const<run_record> auto& r) {
    v.constant("schema", run_record::schema,
               fmt::format("schema version {} (written by another version of flowproof)",
                           run_record::schema));
    v.field("run", r.run);
    v.field("claims", r.claims);
    v.field("series", r.series);
}

/// Where a run keeps its record.
inline std::filesystem::path record_file(const std::filesystem::path& run_folder) {
    return run_folder / "results.json";
}

} // namespace flowproof
