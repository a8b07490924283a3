#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "verify/result/record_fields.hpp"

namespace flowproof {
namespace {

using json = nlohmann::ordered_json;

/// A value of the document and where it stands: "claims[3].evidence.bits".
class node {
public:
    node(const json& value, std::string path) : value_(value), path_(std::move(path)) {}

    /// What it holds, by the fields of T. @throws std::invalid_argument naming place and need.
    template <class T> void read(T& out) const {
        fields(*this, out);
        check(out);
    }

    template <class T> void field(const char* key, T&& out) const { (*this)[key].read(out); }
    template <class T> void younger(const char* key, T&& out) const {
        if (const auto found = find(key)) found->read(out);
    }
    template <class T> void fleeting(const char* key, T&& out) const { younger(key, out); }
    void constant(const char* key, int value, const std::string& need) const {
        int got = 0;
        field(key, got);
        if (got != value) (*this)[key].reject(need);
    }
    void first_label(const char* key, std::vector<axis_series>& panels) const {
        field(key, panels.emplace_back().label);
    }

private:
    [[noreturn]] void reject(std::string_view need) const {
        std::string got = value_.dump(-1, ' ', false, json::error_handler_t::replace);
        if (got.size() > 60) got = got.substr(0, 57) + "...";
        throw std::invalid_argument(fmt::format("from_json: {}: need {}, got {}",
                                                path_.empty() ? "document" : path_, need, got));
    }

    std::string inside(const char* key) const { return path_.empty() ? key : path_ + "." + key; }
    std::optional<node> find(const char* key) const {
        if (!value_.is_object()) reject("an object");
        const auto found = value_.find(key);
        if (found == value_.end()) return std::nullopt;
        return node(*found, inside(key));
    }
    node operator[](const char* key) const {
        if (const auto found = find(key)) return *found;
        throw std::invalid_argument(fmt::format("from_json: {}: missing", inside(key)));
    }

    void read(std::string& out) const {
        if (!value_.is_string()) reject("text");
        out = value_.get<std::string>();
    }
    void read(bool& out) const {
        if (!value_.is_boolean()) reject("true or false");
        out = value_.get<bool>();
    }
    /// A count: a JSON integer that fits.
    template <std::integral Integer> void read(Integer& out) const {
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
    template <class Number> void read(as_text<Number> out) const {
        std::string text;
        read(text);
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, out.number);
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
    void read(std::optional<coverage>& out) const {
        if (!value_.is_null()) read(out.emplace());
    }
    void read(std::pair<std::string, std::string>& out) const {
        if (!value_.is_array() || value_.size() != 2) reject("a pair [name, value]");
        node(value_[0], path_ + "[0]").read(out.first);
        node(value_[1], path_ + "[1]").read(out.second);
    }
    void read(range_of<axis_series> out) const {
        if (value_.is_null()) return;
        std::pair<std::string, std::string> ends;
        read(ends);
        out.axis.low = ends.first;
        out.axis.high = ends.second;
    }
    template <class Item> void read(std::vector<Item>& out) const {
        if (!value_.is_array()) reject("an array");
        out.clear();
        out.reserve(value_.size());
        for (std::size_t i = 0; i < value_.size(); ++i)
            node(value_[i], fmt::format("{}[{}]", path_, i)).read(out.emplace_back());
    }
    void read(evidence& out) const {
        std::string kind;
        field("kind", kind);
        if (!read_as(kind, out, std::make_index_sequence<std::variant_size_v<evidence>>()))
            (*this)["kind"].reject("a kind of evidence");
    }
    template <std::size_t... I>
    bool read_as(const std::string& kind, evidence& out, std::index_sequence<I...>) const {
        return ((kind == evidence_kinds[I] && (read(out.emplace<I>()), true)) || ...);
    }

    // What a structure asks of its fields beyond their types.
    template <class T> void check(const T&) const {}
    void check(const claim_record& c) const {
        if (c.expected == outcome::error || c.expected == outcome::not_run)
            (*this)["expected"].reject("an outcome that can be expected");
    }
    void check(const figure_series& f) const {
        for (const layer_series& l : f.layers)
            if (l.panel >= f.panels.size()) (*this)["layers"].reject("panels that exist");
    }

    const json& value_;
    std::string path_;
};

} // namespace

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
    run_record record;
    node(document, "").read(record);
    return record;
}

run_record read_record(const std::filesystem::path& run_folder) {
    const auto file = record_file(run_folder);
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

} // namespace flowproof
