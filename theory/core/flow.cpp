#include "theory/core/flow.hpp"

#include <algorithm>

namespace flowproof {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

std::vector<std::string> parameters_of(const flow_value& request) {
    std::vector<std::string> result;
    const bool has_event = !request.until.outputs().empty();
    for (const tape* t : {&request.velocity, &request.start, &request.observed, &request.until,
                          &request.horizon, &request.domain})
        for (const std::string& name : t->variables())
            if (!contains(request.states, name) && !contains(result, name) && name != "t")
                result.push_back(name);
    if (!has_event) result.emplace_back("t");
    return result;
}

std::vector<std::string> parameters_of(const flow_root& request) {
    std::vector<std::string> result = parameters_of(request.of);
    std::erase(result, request.parameter);
    for (const tape* t : {&request.low, &request.high})
        for (const std::string& name : t->variables())
            if (!contains(result, name)) result.push_back(name);
    return result;
}

std::vector<std::string> parameters_of(const flow_request& request) {
    return std::visit([](const auto& r) { return parameters_of(r); }, request);
}

} // namespace flowproof
