#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <stdexcept>

#include "tests/support/mentions.hpp"
#include "tests/support/sample_record.hpp"
#include "tests/support/scratch_folder.hpp"
#include "verify/result/record.hpp"

using namespace flowproof;
using support::mentions;
using json = nlohmann::ordered_json;

namespace {

std::string message_of(const std::string& text) {
    try {
        from_json(text);
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}

/// Calls visit with the JSON pointer of every value inside.
template <class Visit> void each(const json& j, const json::json_pointer& at, Visit visit) {
    if (!at.empty()) visit(at);
    if (j.is_object())
        for (const auto& [key, value] : j.items())
            each(value, at / key, visit);
    else if (j.is_array())
        for (std::size_t i = 0; i < j.size(); ++i)
            each(j[i], at / i, visit);
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_test)

BOOST_AUTO_TEST_CASE(a_record_reads_back_exactly) {
    const run_record before = support::sample_record();
    const std::string text = to_json(before);
    const run_record after = from_json(text);
    BOOST_TEST(to_json(after) == text);
    BOOST_TEST(after.run.seed == before.run.seed);
    BOOST_TEST(after.run.wall_seconds == before.run.wall_seconds);
    BOOST_TEST((after.run.libraries == before.run.libraries));
    const auto& s = std::get<sampled>(after.claims[5].grounds);
    BOOST_TEST(s.draws == 9007199254740993ULL);
    BOOST_TEST(s.seed == 9007199254740993ULL);
    BOOST_TEST(s.level == 1e-7);
    const auto& law = std::get<scaled>(after.claims[6].grounds);
    BOOST_TEST(law.points.size() == 2U);
    BOOST_TEST(law.points[1].upper == "0.13");
    BOOST_TEST(law.draws == 9007199254740993ULL);
    BOOST_TEST(law.seed == 9007199254740993ULL);
    BOOST_TEST(law.level == 1e-8);
    BOOST_TEST(std::get<refinement>(after.claims[4].grounds).level == -3);
    BOOST_TEST((after.claims[0].proof.payload == before.claims[0].proof.payload));
    BOOST_TEST((after.claims[0].proof.covers == coverage::listed));
    for (std::size_t i = 0; i < before.claims.size(); ++i)
        BOOST_TEST(after.claims[i].grounds.index() == before.claims[i].grounds.index());
    BOOST_TEST((after.series[0].layers[1].rows == before.series[0].layers[1].rows));
}

// A field that is added, dropped, renamed or filled from another raises run_record::schema.
BOOST_AUTO_TEST_CASE(a_record_of_this_schema_is_written_byte_for_byte_as_before) {
    std::ifstream in(FLOWPROOF_TEST_DATA "/record.json", std::ios::binary);
    const std::string before{std::istreambuf_iterator<char>(in), {}};
    const std::string now = to_json(support::sample_record());
    const auto differs = std::mismatch(now.begin(), now.end(), before.begin(), before.end()).first;
    BOOST_TEST((now == before),
               "first difference before: " << std::string(differs, now.end()).substr(0, 80));
}

BOOST_AUTO_TEST_CASE(equal_runs_differ_in_volatile_fields_only) {
    run_record a = support::sample_record(), b = a;
    b.run.threads = 1;
    b.run.wall_seconds = 7;
    b.run.started = "another day";
    b.claims[0].seconds = 9;
    BOOST_TEST(to_json(a) != to_json(b));
    BOOST_TEST(to_json(a, false) == to_json(b, false));
    BOOST_TEST(to_json(from_json(to_json(a, false)), false) == to_json(a, false));
    b.run.digits += 1;
    BOOST_TEST(to_json(a, false) != to_json(b, false));
}

BOOST_AUTO_TEST_CASE(every_field_is_required_unless_it_is_volatile_or_younger_than_the_schema) {
    const json whole = json::parse(to_json(support::sample_record()));
    std::size_t removed = 0;
    each(whole, json::json_pointer(), [&](const json::json_pointer& at) {
        if (whole[at.parent_pointer()].is_array()) return;
        const std::string key = at.back();
        json damaged = whole;
        damaged[at.parent_pointer()].erase(key);
        const std::string message = message_of(damaged.dump());
        static const std::set<std::string> optional = {
            "threads",       "wall_seconds", "started", "seconds", // volatile
            "x_logarithmic", "x_range",      "panels",  "panel",   "as_points", "verdict"};
        const bool is_optional = optional.count(key) > 0;
        BOOST_TEST_CONTEXT(at.to_string() << ": " << message) {
            BOOST_TEST((message == "accepted") == is_optional);
            BOOST_TEST((is_optional || mentions(message, key + ": missing")));
        }
        ++removed;
    });
    BOOST_TEST(removed > 300U);
}

BOOST_AUTO_TEST_CASE(a_wrong_type_is_refused_with_its_place) {
    const json whole = json::parse(to_json(support::sample_record()));
    each(whole, json::json_pointer(), [&](const json::json_pointer& at) {
        for (const json& wrong :
             {json(1.5), json(nullptr), json::object(), json(json::array({1}))}) {
            // null is what `coverage` of a certificate may be
            if (at.back() == "coverage" && wrong.is_null()) continue;
            // and the range of an axis
            if ((at.back() == "x_range" || at.back() == "y_range") && wrong.is_null()) continue;
            json damaged = whole;
            damaged[at] = wrong;
            const std::string message = message_of(damaged.dump());
            BOOST_TEST_CONTEXT(at.to_string() << " = " << wrong << ": " << message)
            BOOST_TEST(mentions(message, "from_json: "));
        }
    });
    BOOST_TEST(mentions(message_of([&] {
                            json damaged = whole;
                            damaged["claims"][2]["evidence"]["rows"][0]["lower"] = 7;
                            return damaged.dump();
                        }()),
                        "claims[2].evidence.rows[0].lower: need text, got 7"));
}

BOOST_AUTO_TEST_CASE(values_outside_their_range_are_refused) {
    const json whole = json::parse(to_json(support::sample_record()));
    const auto with = [&whole](const char* pointer, const json& value) {
        json damaged = whole;
        damaged[json::json_pointer(pointer)] = value;
        return message_of(damaged.dump());
    };
    BOOST_TEST(mentions(with("/schema", 1), "need schema version 3"));
    BOOST_TEST(mentions(with("/claims/0/certificate/version", 9), "certificate version 1"));
    BOOST_TEST(mentions(with("/claims/0/outcome", "certain"), "need an outcome"));
    BOOST_TEST(mentions(with("/claims/0/expected", "error"), "can be expected"));
    BOOST_TEST(mentions(with("/claims/0/evidence/kind", "belief"), "kind of evidence"));
    BOOST_TEST(mentions(with("/claims/0/evidence/coverage", "most"), "\"listed\""));
    BOOST_TEST(mentions(with("/claims/0/evidence/outputs", -1), "whole number >= 0"));
    BOOST_TEST(mentions(with("/run/digits", 3000000000U), "smaller whole number"));
    BOOST_TEST(mentions(with("/run/digits", -3000000000LL), "larger whole number"));
    BOOST_TEST(mentions(with("/run/seed", "-1"), "number as text"));
    BOOST_TEST(mentions(with("/run/seed", "18446744073709551616"), "number as text"));
    BOOST_TEST(mentions(with("/run/wall_seconds", "1s"), "number as text"));
    BOOST_TEST(mentions(with("/run/set/0", json::array({"a", "b", "c"})), "pair [name, value]"));
}

BOOST_AUTO_TEST_CASE(truncated_and_mangled_text_is_refused_or_read_never_worse) {
    const std::string text = to_json(support::sample_record());
    for (std::size_t n = 0; n + 2 < text.size(); n += 37)
        BOOST_TEST(message_of(text.substr(0, n)) != "accepted");
    const unsigned seed = 20240611;
    std::mt19937_64 rng(seed);
    for (int trial = 0; trial < 500; ++trial) {
        std::string mangled = text;
        for (int k = 0; k < 3; ++k)
            mangled[rng() % mangled.size()] = static_cast<char>(rng());
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial)
        BOOST_CHECK_NO_THROW(message_of(mangled)); // only invalid_argument may leave from_json
    }
    BOOST_TEST(message_of("") != "accepted");
    BOOST_TEST(message_of("[]") != "accepted");
    BOOST_TEST(message_of("null") != "accepted");
    BOOST_TEST(message_of(std::string(100000, '[')) != "accepted");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_do_not_spoil_the_record) {
    run_record r = support::sample_record();
    r.claims[0].reason = "bad \xff byte";
    BOOST_TEST(from_json(to_json(r)).claims[0].reason == "bad \xEF\xBF\xBD byte");
}

BOOST_AUTO_TEST_CASE(a_folder_holds_one_record_and_messages_name_the_file) {
    const support::scratch_folder scratch;
    const auto folder = scratch.path() / "a b" / "out";
    BOOST_CHECK_EXCEPTION(read_record(folder), std::runtime_error, [](const auto& e) {
        return mentions(e.what(), "results.json") && mentions(e.what(), "No such file");
    });
    write_record(support::sample_record(), folder);
    BOOST_TEST(to_json(read_record(folder)) == to_json(support::sample_record()));
    std::ofstream(folder / "results.json") << "{\"schema\": 2, \"run\"";
    BOOST_CHECK_EXCEPTION(read_record(folder), std::invalid_argument, [](const auto& e) {
        return mentions(e.what(), "results.json") && mentions(e.what(), "not a whole JSON");
    });
    std::ofstream(scratch.path() / "file") << "x";
    BOOST_CHECK_THROW(write_record({}, scratch.path() / "file" / "out"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_document_nested_without_end_is_refused_and_does_not_crash) {
    const std::string open(1'000'000, '['), close(1'000'000, ']');
    for (const std::string& text : {open, open + close, "{\"schema\": 2, \"run\": " + open})
        BOOST_CHECK_THROW(from_json(text), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
