#include <limits>
#include <stdexcept>
#include <string>

#include "numerics/ode/double_flow.hpp"
#include "numerics/ode/enclose.hpp"
#include "numerics/ode/sign_scan.hpp"

namespace flowproof::rigorous {

namespace {

using real_set = interval<double>;

[[noreturn]] void refuse(const std::string& rule, const std::string& got) {
    throw std::invalid_argument("enclose: need " + rule + ", got " + got);
}

void check(const vector_field& f, const std::vector<real_set>& start,
           const std::vector<real_set>& parameters, const real_set& duration,
           const flow_options& options) {
    const auto counted = [](std::size_t need, std::size_t got, const char* what) {
        if (need != got)
            refuse(std::to_string(need) + " values for the " + what, std::to_string(got));
    };
    counted(f.states(), start.size(), "states");
    counted(f.parameters(), parameters.size(), "parameters");
    for (const auto* list : {&start, &parameters})
        for (const real_set& x : *list)
            if (x.is_empty() || !x.is_bounded()) refuse("bounded starts and parameters", x.str());
    if (!duration.is_point() || !duration.is_bounded()) refuse("an exact duration", duration.str());
    if (options.digits < 1 || options.digits > 15)
        refuse("digits from 1 to 15", std::to_string(options.digits));
    if (options.order != 0 && (options.order < 4 || options.order > 60))
        refuse("order 0 or from 4 to 60", std::to_string(options.order));
    if (options.max_steps < 0) refuse("max_steps >= 0", std::to_string(options.max_steps));
}

} // namespace

template <> std::vector<real_set> tube<real_set>::over(const real_set& t) const {
    if (path.empty())
        throw std::invalid_argument("tube::over: no path was kept; set flow_options::keep_path");
    const tube_step<real_set>& last = path.back();
    const real_set passed = convex_hull(real_set(), last.time + last.length);
    if (t.is_empty() || !subset(t, passed))
        throw std::invalid_argument("tube::over: need times within " + passed.str() + ", got " +
                                    t.str());
    std::vector<real_set> result;
    for (const tube_step<real_set>& step : path) {
        const real_set own = convex_hull(real_set(), step.length);
        const real_set s = intersection(t - step.time, own);
        if (s.is_empty()) continue;
        const std::size_t terms = static_cast<std::size_t>(step.order) + 1;
        result.resize(step.deviation.size(), real_set::empty());
        std::vector<double> c(terms);
        for (std::size_t i = 0; i < result.size(); ++i) {
            for (std::size_t k = 0; k < terms; ++k)
                c[k] = step.coefficients[i * terms + k].lower();
            result[i] =
                convex_hull(result[i], range_of(c, s) + real_set(-step.deviation[i].upper(),
                                                                 step.deviation[i].upper()));
        }
    }
    return result;
}

template <>
tube<real_set> enclose(const vector_field& f, const std::vector<real_set>& start,
                       const std::vector<real_set>& parameters, const real_set& duration,
                       const flow_options& options) {
    check(f, start, parameters, duration, options);
    double_flow flow(f, start, parameters, duration.lower(), options);
    return flow.run();
}

} // namespace flowproof::rigorous
