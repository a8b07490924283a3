#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "numerics/io/atomic_file.hpp"
#include "verify/result/record_fields.hpp"

namespace flowproof {
namespace {

using json = nlohmann::ordered_json; // keys keep the order in which they are written here

/// Builds one object, field by field.
class writer {
public:
    explicit writer(bool volatile_fields) : volatile_(volatile_fields) {}

    /// @param kind  tag of evidence; null for any other object.
    template <class Record> json object(const Record& r, const char* kind = nullptr) const {
        writer inner(volatile_);
        if (kind != nullptr) inner.put("kind", kind);
        fields(inner, r);
        return std::move(inner.object_);
    }

    template <class Value> void field(const char* key, const Value& value) {
        put(key, tree(value));
    }
    template <class Value> void younger(const char* key, const Value& value) { field(key, value); }
    template <class Value> void fleeting(const char* key, const Value& value) {
        if (volatile_) field(key, value);
    }
    void constant(const char* key, int value, const std::string&) { put(key, value); }
    void first_label(const char* key, const std::vector<axis_series>& panels) {
        put(key, panels.empty() ? "" : panels.front().label);
    }

private:
    void put(const char* key, json value) { object_[key] = std::move(value); }

    json tree(const std::string& text) const { return text; }
    json tree(bool yes) const { return yes; }
    template <std::integral Count> json tree(const Count& count) const { return count; }
    json tree(outcome o) const { return name(o); }
    json tree(coverage c) const { return name(c); }
    json tree(const std::optional<coverage>& c) const { return c ? tree(*c) : json(nullptr); }
    json tree(const std::pair<std::string, std::string>& p) const {
        return json::array({p.first, p.second});
    }
    json tree(range_of<const axis_series> r) const {
        return r.axis.low.empty() ? json(nullptr) : json::array({r.axis.low, r.axis.high});
    }
    /// Doubles: the shortest text that reads back.
    template <class Number> json tree(as_text<Number> n) const {
        return fmt::format("{}", n.number);
    }
    json tree(const evidence& e) const {
        return std::visit([&](const auto& x) { return object(x, evidence_kinds[e.index()]); }, e);
    }
    template <class Item> json tree(const std::vector<Item>& items) const {
        json out = json::array();
        for (const Item& item : items)
            out.push_back(tree(item));
        return out;
    }
    template <class Record> json tree(const Record& r) const { return object(r); }

    bool volatile_;
    json object_ = json::object();
};

} // namespace

std::string to_json(const run_record& record, bool volatile_fields) {
    const json document = writer(volatile_fields).object(record);
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

void write_record(const run_record& record, const std::filesystem::path& run_folder) {
    std::error_code error;
    std::filesystem::create_directories(run_folder, error);
    if (error)
        throw std::runtime_error(fmt::format("write_record: cannot create {}: {}",
                                             run_folder.string(), error.message()));
    io::write_file_atomically(record_file(run_folder), to_json(record));
}

} // namespace flowproof
