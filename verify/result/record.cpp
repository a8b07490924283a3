#include "verify/result/record.hpp"

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "numerics/io/atomic_file.hpp"

namespace flowproof {
namespace {

using json = nlohmann::ordered_json; // keys keep the order in which they are written here

std::string decimal(double value) { return fmt::format("{}", value); } // shortest that reads back

// Writing ----------------------------------------------------------------------------------------

json pairs(const std::vector<std::pair<std::string, std::string>>& list) {
    json out = json::array();
    for (const auto& [key, value] : list)
        out.push_back(json::array({key, value}));
    return out;
}

template <class Item, class Write> json array_of(const std::vector<Item>& items, Write write) {
    json out = json::array();
    for (const Item& item : items)
        out.push_back(write(item));
    return out;
}

struct evidence_writer {
    json operator()(const std::monostate&) const { return {{"kind", "none"}}; }
    json operator()(const exact_identity& e) const {
        return {{"kind", "exact_identity"},
                {"coverage", name(e.covers)},
                {"outputs", e.outputs},
                {"generators", e.generators},
                {"terms", e.terms}};
    }
    json operator()(const exact_agreement& e) const {
        return {{"kind", "exact_agreement"}, {"instances", e.instances}, {"values", e.values}};
    }
    json operator()(const enclosed& e) const {
        return {{"kind", "enclosed"},
                {"coverage", name(e.covers)},
                {"bits", e.bits},
                {"rows", array_of(e.rows, [](const enclosed::row& r) {
                     return json{{"name", r.name},
                                 {"lower", r.lower},
                                 {"upper", r.upper},
                                 {"target", r.target}};
                 })}};
    }
    json operator()(const counterexample& e) const {
        return {{"kind", "counterexample"},
                {"where", e.where},
                {"at", pairs(e.at)},
                {"left", e.left},
                {"right", e.right}};
    }
    json operator()(const refinement& e) const {
        return {{"kind", "refinement"},       {"model", e.model},
                {"value", e.value},           {"reference", e.reference},
                {"difference", e.difference}, {"error", e.error},
                {"tolerance", e.tolerance},   {"level", e.level}};
    }
    json operator()(const integrated& e) const {
        return {{"kind", "integrated"},
                {"model", e.model},
                {"digits", e.digits},
                {"rows", array_of(e.rows, [](const integrated::row& r) {
                     return json{{"name", r.name},
                                 {"value", r.value},
                                 {"error", r.error},
                                 {"target", r.target}};
                 })}};
    }
    json operator()(const sampled& e) const {
        return {{"kind", "sampled"},
                {"experiment", e.experiment},
                {"statistic", e.statistic},
                {"mean", e.mean},
                {"lower", e.lower},
                {"upper", e.upper},
                {"expected", e.expected},
                {"tolerance", e.tolerance},
                {"level", decimal(e.level)},
                {"draws", e.draws},
                {"seed", std::to_string(e.seed)},
                {"method", e.method}};
    }
    json operator()(const scaled& e) const {
        return {{"kind", "scaled"},
                {"experiment", e.experiment},
                {"statistic", e.statistic},
                {"moment", e.moment},
                {"parameter", e.parameter},
                {"points", array_of(e.points,
                                    [](const scaled::point& p) {
                                        return json{{"value", p.value},
                                                    {"moment", p.moment},
                                                    {"lower", p.lower},
                                                    {"upper", p.upper}};
                                    })},
                {"slope", e.slope},
                {"lower", e.lower},
                {"upper", e.upper},
                {"band_lower", e.band_lower},
                {"band_upper", e.band_upper},
                {"level", decimal(e.level)},
                {"draws", e.draws},
                {"seed", std::to_string(e.seed)},
                {"method", e.method}};
    }
    json operator()(const signs_certain& e) const {
        return {{"kind", "signs_certain"}, {"coverage", name(e.covers)}, {"outputs", e.outputs},
                {"parts", e.parts},        {"outside", e.outside},       {"depth", e.depth}};
    }
    json operator()(const zeros_isolated& e) const {
        return {{"kind", "zeros_isolated"},
                {"coverage", name(e.covers)},
                {"zeros", array_of(e.zeros,
                                   [](const zeros_isolated::zero& z) {
                                       return json{{"type", z.type}, {"box", z.box}};
                                   })},
                {"parts", e.parts}};
    }
    json operator()(const witnessed& e) const {
        return {{"kind", "witnessed"},
                {"coverage", name(e.covers)},
                {"what", e.what},
                {"count", e.count}};
    }
    json operator()(const composite& e) const {
        return {{"kind", "composite"}, {"parts", array_of(e.parts, [](const composite::part& p) {
                                            return json{{"name", p.name},
                                                        {"outcome", name(p.result)},
                                                        {"necessary", p.necessary},
                                                        {"summary", p.summary}};
                                        })}};
    }
};

json to_tree(const evidence& e) { return std::visit(evidence_writer{}, e); }

json to_tree(const certificate& c) {
    return {{"version", certificate::version},
            {"kind", c.kind},
            {"payload_version", c.payload_version},
            {"domain", c.domain},
            {"coverage", c.covers ? json(name(*c.covers)) : json(nullptr)},
            {"fingerprint", c.fingerprint},
            {"control", c.control},
            {"payload", pairs(c.payload)}};
}

json to_tree(const twin_record& t) {
    return {{"name", t.name},         {"expected", t.expected}, {"outcome", t.result},
            {"rejected", t.rejected}, {"summary", t.summary},   {"evidence", to_tree(t.grounds)}};
}

json to_tree(const claim_record& c, bool volatile_fields) {
    json out = {{"id", c.id},
                {"paper", c.paper},
                {"statement", c.statement},
                {"latex", c.latex},
                {"hypotheses", c.hypotheses},
                {"source", c.source},
                {"method", c.method},
                {"kind", c.kind},
                {"given", c.given},
                {"outcome", name(c.result)},
                {"expected", name(c.expected)},
                {"summary", c.summary},
                {"reason", c.reason},
                {"cure", c.cure},
                {"evidence", to_tree(c.grounds)},
                {"certificate", to_tree(c.proof)},
                {"quantities", c.quantities},
                {"twins", array_of(c.twins, [](const twin_record& t) { return to_tree(t); })},
                {"control", c.control}};
    if (volatile_fields) out["seconds"] = decimal(c.seconds);
    out["figures"] = c.figures;
    return out;
}

json range_of(const axis_series& a) {
    return a.low.empty() ? json(nullptr) : json::array({a.low, a.high});
}

json to_tree(const figure_series& f) {
    return {{"id", f.id},
            {"title", f.title},
            {"claim", f.claim},
            {"x_label", f.x.label},
            {"x_logarithmic", f.x.logarithmic},
            {"x_range", range_of(f.x)},
            {"y_label", f.panels.empty() ? "" : f.panels.front().label},
            {"panels", array_of(f.panels,
                                [](const axis_series& y) {
                                    return json{{"y_label", y.label},
                                                {"y_logarithmic", y.logarithmic},
                                                {"y_range", range_of(y)}};
                                })},
            {"layers", array_of(f.layers,
                                [](const layer_series& l) {
                                    return json{{"draw", l.draw},           {"label", l.label},
                                                {"quantity", l.quantity},   {"columns", l.columns},
                                                {"rows", l.rows},           {"panel", l.panel},
                                                {"as_points", l.as_points}, {"verdict", l.verdict}};
                                })},
            {"error", f.error}};
}

json to_tree(const run_info& r, bool volatile_fields) {
    json out = {{"version", r.version},
                {"commit", r.commit},
                {"compiler", r.compiler},
                {"flags", r.flags},
                {"instruction_set", r.instruction_set},
                {"libraries", pairs(r.libraries)},
                {"profile", r.profile},
                {"digits", r.digits},
                {"seed", std::to_string(r.seed)}};
    if (volatile_fields) {
        out["threads"] = r.threads;
        out["wall_seconds"] = decimal(r.wall_seconds);
        out["started"] = r.started;
    }
    out["interrupted"] = r.interrupted;
    out["rounding_self_test"] = r.rounding_self_test;
    out["error_budget"] = pairs(r.error_budget);
    out["inputs"] = pairs(r.inputs);
    out["set"] = pairs(r.set);
    return out;
}

// Reading ----------------------------------------------------------------------------------------

/// A value of the document and where it stands: "claims[3].evidence.bits".
class node {
public:
    node(const json& value, std::string path) : value_(value), path_(std::move(path)) {}

    [[noreturn]] void reject(std::string_view need) const {
        std::string got = value_.dump(-1, ' ', false, json::error_handler_t::replace);
        if (got.size() > 60) got = got.substr(0, 57) + "...";
        throw std::invalid_argument(fmt::format("from_json: {}: need {}, got {}",
                                                path_.empty() ? "document" : path_, need, got));
    }

    node operator[](const char* key) const {
        if (const auto found = field(key)) return *found;
        throw std::invalid_argument(fmt::format("from_json: {}: missing", inside(key)));
    }
    std::optional<node> field(const char* key) const {
        if (!value_.is_object()) reject("an object");
        const auto found = value_.find(key);
        if (found == value_.end()) return std::nullopt;
        return node(*found, inside(key));
    }

    bool is_null() const { return value_.is_null(); }

    void read(std::string& out) const {
        if (!value_.is_string()) reject("text");
        out = value_.get<std::string>();
    }
    void read(bool& out) const {
        if (!value_.is_boolean()) reject("true or false");
        out = value_.get<bool>();
    }
    /// A count: a JSON integer that fits.
    template <class Integer>
    requires(std::is_integral_v<Integer> &&
             !std::is_same_v<Integer, bool>) void read(Integer& out) const {
        using limits = std::numeric_limits<Integer>;
        if (value_.is_number_unsigned()) {
            const auto v = value_.get<std::uint64_t>();
            if (v > static_cast<std::uint64_t>(limits::max())) reject("a smaller whole number");
            out = static_cast<Integer>(v);
        } else if (value_.is_number_integer() && std::is_signed_v<Integer>) {
            const auto v = value_.get<std::int64_t>();
            if (v < static_cast<std::int64_t>(limits::min())) reject("a larger whole number");
            out = static_cast<Integer>(v);
        } else {
            reject(std::is_signed_v<Integer> ? "a whole number" : "a whole number >= 0");
        }
    }
    /// A number written as text.
    template <class Number> void read_text_number(Number& out) const {
        std::string text;
        read(text);
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, out);
        if (error != std::errc{} || stop != end) reject("a number as text");
    }
    void read(outcome& out) const {
        std::string text;
        read(text);
        const auto found = outcome_named(text);
        if (!found) reject("an outcome");
        out = *found;
    }
    void read(coverage& out) const {
        std::string text;
        read(text);
        if (text == name(coverage::whole))
            out = coverage::whole;
        else if (text == name(coverage::listed))
            out = coverage::listed;
        else
            reject("\"whole\" or \"listed\"");
    }
    void read(std::pair<std::string, std::string>& out) const {
        if (!value_.is_array() || value_.size() != 2) reject("a pair [name, value]");
        node(value_[0], path_ + "[0]").read(out.first);
        node(value_[1], path_ + "[1]").read(out.second);
    }
    template <class Item> void read(std::vector<Item>& out) const {
        read(out, [](const node& n, Item& item) { n.read(item); });
    }
    template <class Item, class Read> void read(std::vector<Item>& out, Read read_item) const {
        if (!value_.is_array()) reject("an array");
        out.clear();
        out.reserve(value_.size());
        for (std::size_t i = 0; i < value_.size(); ++i) {
            Item item{};
            read_item(node(value_[i], fmt::format("{}[{}]", path_, i)), item);
            out.push_back(std::move(item));
        }
    }

private:
    std::string inside(const char* key) const { return path_.empty() ? key : path_ + "." + key; }

    const json& value_;
    std::string path_;
};

void read(const node& n, enclosed::row& r) {
    n["name"].read(r.name);
    n["lower"].read(r.lower);
    n["upper"].read(r.upper);
    n["target"].read(r.target);
}

void read(const node& n, integrated::row& r) {
    n["name"].read(r.name);
    n["value"].read(r.value);
    n["error"].read(r.error);
    n["target"].read(r.target);
}

void read(const node& n, scaled::point& p) {
    n["value"].read(p.value);
    n["moment"].read(p.moment);
    n["lower"].read(p.lower);
    n["upper"].read(p.upper);
}

void read(const node& n, zeros_isolated::zero& z) {
    n["type"].read(z.type);
    n["box"].read(z.box);
}

void read(const node& n, composite::part& p) {
    n["name"].read(p.name);
    n["outcome"].read(p.result);
    n["necessary"].read(p.necessary);
    n["summary"].read(p.summary);
}

void read(const node& n, evidence& out) {
    const node tag = n["kind"];
    std::string kind;
    tag.read(kind);
    if (kind == "none") {
        out = std::monostate{};
    } else if (kind == "exact_identity") {
        exact_identity e{};
        n["coverage"].read(e.covers);
        n["outputs"].read(e.outputs);
        n["generators"].read(e.generators);
        n["terms"].read(e.terms);
        out = e;
    } else if (kind == "exact_agreement") {
        exact_agreement e{};
        n["instances"].read(e.instances);
        n["values"].read(e.values);
        out = e;
    } else if (kind == "enclosed") {
        enclosed e{};
        n["coverage"].read(e.covers);
        n["bits"].read(e.bits);
        n["rows"].read(e.rows, [](const node& m, enclosed::row& r) { flowproof::read(m, r); });
        out = std::move(e);
    } else if (kind == "signs_certain") {
        signs_certain e{};
        n["coverage"].read(e.covers);
        n["outputs"].read(e.outputs);
        n["parts"].read(e.parts);
        n["outside"].read(e.outside);
        n["depth"].read(e.depth);
        out = e;
    } else if (kind == "zeros_isolated") {
        zeros_isolated e{};
        n["coverage"].read(e.covers);
        n["zeros"].read(e.zeros,
                        [](const node& m, zeros_isolated::zero& z) { flowproof::read(m, z); });
        n["parts"].read(e.parts);
        out = std::move(e);
    } else if (kind == "witnessed") {
        witnessed e{};
        n["coverage"].read(e.covers);
        n["what"].read(e.what);
        n["count"].read(e.count);
        out = std::move(e);
    } else if (kind == "counterexample") {
        counterexample e;
        n["where"].read(e.where);
        n["at"].read(e.at);
        n["left"].read(e.left);
        n["right"].read(e.right);
        out = std::move(e);
    } else if (kind == "refinement") {
        refinement e{};
        n["model"].read(e.model);
        n["value"].read(e.value);
        n["reference"].read(e.reference);
        n["difference"].read(e.difference);
        n["error"].read(e.error);
        n["tolerance"].read(e.tolerance);
        n["level"].read(e.level);
        out = std::move(e);
    } else if (kind == "integrated") {
        integrated e{};
        n["model"].read(e.model);
        n["digits"].read(e.digits);
        n["rows"].read(e.rows, [](const node& m, integrated::row& r) { flowproof::read(m, r); });
        out = std::move(e);
    } else if (kind == "sampled") {
        sampled e{};
        n["experiment"].read(e.experiment);
        n["statistic"].read(e.statistic);
        n["mean"].read(e.mean);
        n["lower"].read(e.lower);
        n["upper"].read(e.upper);
        n["expected"].read(e.expected);
        n["tolerance"].read(e.tolerance);
        n["level"].read_text_number(e.level);
        n["draws"].read(e.draws);
        n["seed"].read_text_number(e.seed);
        n["method"].read(e.method);
        out = std::move(e);
    } else if (kind == "scaled") {
        scaled e{};
        n["experiment"].read(e.experiment);
        n["statistic"].read(e.statistic);
        n["moment"].read(e.moment);
        n["parameter"].read(e.parameter);
        n["points"].read(e.points, [](const node& m, scaled::point& p) { flowproof::read(m, p); });
        n["slope"].read(e.slope);
        n["lower"].read(e.lower);
        n["upper"].read(e.upper);
        n["band_lower"].read(e.band_lower);
        n["band_upper"].read(e.band_upper);
        n["level"].read_text_number(e.level);
        n["draws"].read(e.draws);
        n["seed"].read_text_number(e.seed);
        n["method"].read(e.method);
        out = std::move(e);
    } else if (kind == "composite") {
        composite e;
        n["parts"].read(e.parts, [](const node& m, composite::part& p) { flowproof::read(m, p); });
        out = std::move(e);
    } else {
        tag.reject("a kind of evidence");
    }
}

void read(const node& n, certificate& c) {
    int version = 0;
    n["version"].read(version);
    if (version != certificate::version)
        n["version"].reject(fmt::format("certificate version {}", certificate::version));
    n["kind"].read(c.kind);
    n["payload_version"].read(c.payload_version);
    n["domain"].read(c.domain);
    if (const node covers = n["coverage"]; !covers.is_null()) covers.read(c.covers.emplace());
    n["fingerprint"].read(c.fingerprint);
    n["control"].read(c.control);
    n["payload"].read(c.payload);
}

void read(const node& n, twin_record& t) {
    n["name"].read(t.name);
    n["expected"].read(t.expected);
    n["outcome"].read(t.result);
    n["rejected"].read(t.rejected);
    n["summary"].read(t.summary);
    read(n["evidence"], t.grounds);
}

void read(const node& n, claim_record& c) {
    n["id"].read(c.id);
    n["paper"].read(c.paper);
    n["statement"].read(c.statement);
    n["latex"].read(c.latex);
    n["hypotheses"].read(c.hypotheses);
    n["source"].read(c.source);
    n["method"].read(c.method);
    n["kind"].read(c.kind);
    n["given"].read(c.given);
    n["outcome"].read(c.result);
    n["expected"].read(c.expected);
    if (c.expected == outcome::error || c.expected == outcome::not_run)
        n["expected"].reject("an outcome that can be expected");
    n["summary"].read(c.summary);
    n["reason"].read(c.reason);
    n["cure"].read(c.cure);
    read(n["evidence"], c.grounds);
    read(n["certificate"], c.proof);
    n["quantities"].read(c.quantities);
    n["twins"].read(c.twins, [](const node& m, twin_record& t) { flowproof::read(m, t); });
    n["control"].read(c.control);
    if (const auto seconds = n.field("seconds")) seconds->read_text_number(c.seconds);
    n["figures"].read(c.figures);
}

// Fields that older records lack keep their defaults.

void read(const node& n, layer_series& l) {
    n["draw"].read(l.draw);
    n["label"].read(l.label);
    n["quantity"].read(l.quantity);
    n["columns"].read(l.columns);
    n["rows"].read(l.rows);
    if (const auto panel = n.field("panel")) panel->read(l.panel);
    if (const auto as_points = n.field("as_points")) as_points->read(l.as_points);
    if (const auto verdict = n.field("verdict")) verdict->read(l.verdict);
}

void read_range(const node& n, axis_series& a) {
    if (n.is_null()) return;
    std::pair<std::string, std::string> range;
    n.read(range);
    a.low = range.first;
    a.high = range.second;
}

void read(const node& n, axis_series& y) {
    n["y_label"].read(y.label);
    n["y_logarithmic"].read(y.logarithmic);
    read_range(n["y_range"], y);
}

void read(const node& n, figure_series& f) {
    n["id"].read(f.id);
    n["title"].read(f.title);
    n["claim"].read(f.claim);
    n["x_label"].read(f.x.label);
    if (const auto logarithmic = n.field("x_logarithmic")) logarithmic->read(f.x.logarithmic);
    if (const auto range = n.field("x_range")) read_range(*range, f.x);
    n["y_label"].read(f.panels.emplace_back().label);
    if (const auto panels = n.field("panels"))
        panels->read(f.panels, [](const node& m, axis_series& y) { flowproof::read(m, y); });
    const node layers = n["layers"];
    layers.read(f.layers, [](const node& m, layer_series& l) { flowproof::read(m, l); });
    for (const layer_series& l : f.layers)
        if (l.panel >= f.panels.size()) layers.reject("panels that exist");
    n["error"].read(f.error);
}

void read(const node& n, run_info& r) {
    n["version"].read(r.version);
    n["commit"].read(r.commit);
    n["compiler"].read(r.compiler);
    n["flags"].read(r.flags);
    n["instruction_set"].read(r.instruction_set);
    n["libraries"].read(r.libraries);
    n["profile"].read(r.profile);
    n["digits"].read(r.digits);
    n["seed"].read_text_number(r.seed);
    if (const auto threads = n.field("threads")) threads->read(r.threads);
    if (const auto wall = n.field("wall_seconds")) wall->read_text_number(r.wall_seconds);
    if (const auto started = n.field("started")) started->read(r.started);
    n["interrupted"].read(r.interrupted);
    n["rounding_self_test"].read(r.rounding_self_test);
    n["error_budget"].read(r.error_budget);
    n["inputs"].read(r.inputs);
    n["set"].read(r.set);
}

std::filesystem::path results_in(const std::filesystem::path& run_folder) {
    return run_folder / "results.json";
}

} // namespace

std::string to_json(const run_record& record, bool volatile_fields) {
    json document = {{"schema", run_record::schema}};
    document["run"] = to_tree(record.run, volatile_fields);
    document["claims"] = array_of(record.claims, [volatile_fields](const claim_record& c) {
        return to_tree(c, volatile_fields);
    });
    document["series"] = array_of(record.series, [](const figure_series& f) { return to_tree(f); });
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

run_record from_json(const std::string& text) {
    json document;
    try {
        // Deep nesting overflows the stack where the document is destroyed.
        document = json::parse(text, [](int depth, json::parse_event_t, const json&) {
            if (depth > 64) throw std::invalid_argument("from_json: nested deeper than 64 levels");
            return true;
        });
    } catch (const json::exception& e) {
        throw std::invalid_argument(std::string("from_json: not a whole JSON document: ") +
                                    e.what());
    }
    const node root(document, "");
    int schema = 0;
    root["schema"].read(schema);
    if (schema != run_record::schema)
        root["schema"].reject(fmt::format(
            "schema version {} (written by another version of flowproof)", run_record::schema));
    run_record record;
    read(root["run"], record.run);
    root["claims"].read(record.claims, [](const node& n, claim_record& c) { read(n, c); });
    root["series"].read(record.series, [](const node& n, figure_series& f) { read(n, f); });
    return record;
}

run_record read_record(const std::filesystem::path& run_folder) {
    const auto file = results_in(run_folder);
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw std::runtime_error(
            fmt::format("read_record: cannot read {}: {}; run `flowproof verify` first",
                        file.string(), std::generic_category().message(errno)));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    if (in.bad()) throw std::runtime_error("read_record: cannot read " + file.string());
    try {
        return from_json(text);
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument(fmt::format("read_record: {}: {}", file.string(), e.what()));
    }
}

void write_record(const run_record& record, const std::filesystem::path& run_folder) {
    std::error_code error;
    std::filesystem::create_directories(run_folder, error);
    if (error)
        throw std::runtime_error(fmt::format("write_record: cannot create {}: {}",
                                             run_folder.string(), error.message()));
    io::write_file_atomically(results_in(run_folder), to_json(record));
}

} // namespace flowproof
