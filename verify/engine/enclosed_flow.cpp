#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "verify/engine/flow.hpp"
#include "verify/engine/followed.hpp"

namespace flowproof {

namespace {

flow_enclosure failed(const followed::arrival& a, int digits) {
    return {{}, a.failure, a.cure, a.steps, digits, {}};
}

flow_enclosure enclose_value(const flow_value& request, const arguments& at, int digits,
                             const flow_budget& budget) {
    const auto flow = std::make_shared<const followed>(request);
    for (const std::string& name : flow->names())
        at.scalar(name);
    flow->check_domain(at);
    auto seen = flow->enclose(at, digits, budget);
    if (!seen.failure.empty()) return failed(seen, digits);
    flow_enclosure result{{}, {}, {}, seen.steps, digits, {}};
    result.value.resize(static_cast<Eigen::Index>(request.observed.rows()),
                        static_cast<Eigen::Index>(request.observed.cols()));
    for (Eigen::Index i = 0; i < result.value.rows(); ++i)
        for (Eigen::Index j = 0; j < result.value.cols(); ++j)
            result.value(i, j) =
                seen.observed[static_cast<std::size_t>(i * result.value.cols() + j)];
    if (flow->certifiable(seen))
        result.certificate = [flow, at, run = std::move(seen)](const auto& values) {
            return flow->certificate(at, run, values);
        };
    return result;
}

/// -1 or +1, if certain.
int sign(const ball& x) {
    if (certainly(less(x, ball(0)))) return -1;
    return certainly(less(ball(0), x)) ? 1 : 0;
}

/// An estimate says where to look; a bracket around it, wide enough to tell its ends apart, proves.
flow_enclosure enclose_root(const flow_root& request, const arguments& at, int digits,
                            const flow_budget& budget) {
    const flow_estimate near = estimate(request, at, digits, budget);
    if (!near.failure.empty()) return {{}, near.failure, near.cure, near.steps, digits, {}};
    const followed flow(request.of);
    const rational root = near.value(0, 0);
    rational margin = std::max(rational(4) * near.error(0, 0),
                               abs(root) * power(rational(10), -std::int64_t{digits}));
    constexpr int widenings = 6;
    std::int64_t steps = 0;
    for (int k = 0; k < widenings; ++k, margin = margin * rational(100)) {
        int signs[2] = {};
        for (const int side : {0, 1}) {
            arguments here = at;
            here.set(request.parameter, side == 0 ? root - margin : root + margin);
            flow.check_domain(here);
            const auto seen = flow.enclose(here, digits + 4, budget);
            steps = seen.steps;
            if (seen.failure.empty()) signs[side] = sign(seen.observed.front());
        }
        if (signs[0] * signs[1] != -1) continue;
        flow_enclosure result{matrix<ball>(1, 1), {}, {}, steps, digits, {}};
        result.value(0, 0) = ball::hull(root - margin, root + margin, bits_for_digits(digits) + 32);
        return result;
    }
    return {{},
            fmt::format("the signs at both ends of a bracket around {} = {} are not certain",
                        request.parameter, root.decimal(10)),
            "more digits: --digits",
            steps,
            digits,
            {}};
}

} // namespace

flow_enclosure enclose(const flow_request& request, const arguments& at, int digits,
                       const flow_budget& budget) {
    const auto* root = std::get_if<flow_root>(&request);
    const std::string& neglects =
        root != nullptr ? root->of.neglects : std::get<flow_value>(request).neglects;
    if (!neglects.empty())
        return {{}, "the request leaves out " + neglects, "a request that is exact", 0, digits, {}};
    if (const auto* value = std::get_if<flow_value>(&request))
        return enclose_value(*value, at, digits, budget);
    return enclose_root(std::get<flow_root>(request), at, digits, budget);
}

std::vector<flow_band> enclose_along(const flow_value& request, const std::vector<side>& box,
                                     const arguments& at, const std::vector<rational>& times,
                                     std::size_t output) {
    const followed flow(request);
    if (output >= request.observed.outputs().size())
        throw std::invalid_argument(fmt::format("flow: {} outputs are observed, not number {}",
                                                request.observed.outputs().size(), output));
    const auto& seen =
        request.observed.nodes()[static_cast<std::size_t>(request.observed.outputs()[output])];
    const auto state =
        seen.op != opcode::variable
            ? request.states.end()
            : std::find(request.states.begin(), request.states.end(),
                        request.observed.variables()[static_cast<std::size_t>(seen.a)]);
    if (state == request.states.end())
        throw std::invalid_argument(fmt::format("flow: output {} is no state", output));
    const auto index = static_cast<std::size_t>(state - request.states.begin());
    rigorous::box_options options;
    options.keep_path = true;
    const auto run = flow.over_box(box, at, times.back(), options);
    if (run.why != rigorous::ending::reached)
        throw std::runtime_error(fmt::format("the flow is enclosed up to t = {} only: {}",
                                             run.time.decimal(6), rigorous::name(run.why)));
    std::vector<flow_band> result;
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
        const interval<double> when =
            convex_hull(interval<double>(times[i]), interval<double>(times[i + 1]));
        const interval<double> inside =
            intersection(when, interval<double>(0.0, times.back().nearest()));
        const interval<double> y = run.over(inside)[index];
        result.push_back({times[i], times[i + 1], y.lower(), y.upper()});
    }
    return result;
}

} // namespace flowproof
