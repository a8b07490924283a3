#include "numerics/ode/taylor_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "numerics/ode/model_recurrence.hpp"
#include "numerics/ode/model_transport.hpp"
#include "numerics/scalar/evaluate.hpp"

namespace flowproof::rigorous {

namespace {

using set = interval<double>;

/// The last coefficients in time are about this far below the state, in bits.
constexpr int tail_bits = 46;
/// Degrees beyond this many terms of a product are not tried unasked.
constexpr double affordable_terms = 60'000;

void check(bool good, const std::string& rule, const std::string& got) {
    if (!good) throw std::invalid_argument("enclose_over_box: need " + rule + ", got " + got);
}

/// Everything that does not depend on the degree.
struct problem {
    const vector_field& field;
    const tape& start;
    const std::vector<parameter_range>& ranges;
    const rational& duration;
    const box_options& options;
    std::vector<int> symbol;              // of each parameter
    std::vector<std::size_t> field_order; // the field's parameters among those of start
    int symbols = 0;
};

problem stated(const vector_field& f, const tape& start, const std::vector<parameter_range>& ranges,
               const rational& duration, const box_options& options) {
    const auto& names = start.variables();
    check(start.outputs().size() == f.states(),
          "a start with " + std::to_string(f.states()) + " outputs",
          std::to_string(start.outputs().size()));
    check(ranges.size() == names.size(),
          "a range for each of " + std::to_string(names.size()) + " variables of start",
          std::to_string(ranges.size()));
    check(options.degree >= 0 && options.degree <= 60, "0 <= degree <= 60",
          std::to_string(options.degree));
    check(options.order >= 3 && options.order <= 100, "3 <= order <= 100",
          std::to_string(options.order));
    check(options.log2_longest >= -1000 && options.log2_longest <= 1000,
          "-1000 <= log2_longest <= 1000", std::to_string(options.log2_longest));
    check(options.share > 0, "share > 0", std::to_string(options.share));
    check(options.max_steps >= 0, "max_steps >= 0", std::to_string(options.max_steps));
    problem result{f, start, ranges, duration, options, {}, {}, 0};
    for (std::size_t j = 0; j < ranges.size(); ++j) {
        check(ranges[j].lower <= ranges[j].upper, "lower <= upper for " + names[j],
              ranges[j].lower.str() + " > " + ranges[j].upper.str());
        check(set::hull(ranges[j].lower, ranges[j].upper).is_bounded(),
              "values within the range of double for " + names[j],
              ranges[j].lower.str() + ", " + ranges[j].upper.str());
        const bool wide = ranges[j].lower < ranges[j].upper;
        result.symbol.push_back(wide ? result.symbols++ : -1);
    }
    check(result.symbols <= 8, "at most 8 parameters with a range", std::to_string(result.symbols));
    for (const std::string& name : f.program().coefficients().variables()) {
        check(start.has_variable(name), "the field's parameter " + name + " among those of start",
              std::to_string(names.size()) + " others");
        result.field_order.push_back(start.index_of(name));
    }
    return result;
}

/// The values of a row [power of u] at all u in the set.
set horner(const double* coefficients, int order, const set& u) {
    set result(coefficients[order]);
    for (int k = order; k-- > 0;)
        result = result * u + set(coefficients[k]);
    return result;
}

/// One degree's attempt.
class attempt {
public:
    attempt(const problem& p, int degree)
        : problem_(p), basis_(std::make_shared<monomials>(p.symbols, degree)) {
        for (std::size_t j = 0; j < p.ranges.size(); ++j) {
            const set values = set::hull(p.ranges[j].lower, p.ranges[j].upper);
            if (p.symbol[j] < 0 || degree == 0) {
                parameters_.emplace_back(basis_, values);
                continue;
            }
            std::vector<double> c(basis_->size(), 0.0);
            c[0] = values.midpoint();
            c[static_cast<std::size_t>(basis_->multiplied(0, p.symbol[j]))] = values.radius();
            parameters_.emplace_back(basis_, std::move(c), upper());
        }
    }

    /// Nothing if it is given up because a remainder exceeds its share.
    std::optional<model_tube> run(bool patient);

private:
    model_tube ended(ending why) const {
        return {why,         time_,           basis_->degree(),
                steps_,      state_,          problem_.start.variables(),
                parameters_, problem_.symbol, path_};
    }
    bool is_loose() const;
    ending step(model_recurrence& recurrence, model_transport& transport);
    void accept(const model_recurrence& recurrence, const carried& errors, bool last);

    const problem& problem_;
    std::shared_ptr<const monomials> basis_;
    std::vector<model> parameters_, state_;
    std::vector<model_step> path_;
    rational time_;
    std::int64_t steps_ = 0;
    double unit_ = 1;
};

/// Has a remainder outgrown its share of what the polynomial varies?
bool attempt::is_loose() const {
    upper largest;
    for (const model& y : state_)
        largest = std::max(largest, y.size());
    for (const model& y : state_) {
        const auto& c = y.coefficients();
        const double varies = sum_of_sizes(c.data() + 1, c.size() - 1).value();
        if (y.remainder().value() > problem_.options.share * varies + 0x1p-40 * largest.value())
            return true;
    }
    return false;
}

std::optional<model_tube> attempt::run(bool patient) {
    const taylor_program& program = problem_.field.program();
    const embed<model> constants{basis_};
    const auto finite = [](const std::vector<model>& values) {
        return std::all_of(values.begin(), values.end(),
                           [](const model& x) { return x.is_finite(); });
    };
    state_ = evaluate(problem_.start, parameters_, constants);
    std::vector<model> own;
    for (const std::size_t j : problem_.field_order)
        own.push_back(parameters_[j]);
    std::vector<model> coefficients = evaluate(program.coefficients(), own, constants);
    if (!finite(state_) || !finite(coefficients)) // a higher degree has smaller remainders
        return patient ? std::optional(ended(ending::undefined)) : std::nullopt;
    if (problem_.duration.is_zero()) return ended(ending::reached);

    model_recurrence recurrence(program, basis_, std::move(coefficients), problem_.options.order);
    model_transport transport(program, recurrence);
    unit_ = problem_.duration.sign();
    while (time_ != problem_.duration) {
        if (problem_.options.stop && problem_.options.stop->load(std::memory_order_relaxed))
            return ended(ending::interrupted);
        if (steps_ == problem_.options.max_steps) return ended(ending::out_of_steps);
        const ending why = step(recurrence, transport);
        if (why != ending::reached) return patient ? std::optional(ended(why)) : std::nullopt;
        if (!patient && is_loose()) return std::nullopt;
    }
    return ended(ending::reached);
}

ending attempt::step(model_recurrence& recurrence, model_transport& transport) {
    const rational left = problem_.duration - time_;
    // The last step's length is rounded away from 0, so that the end is not beyond it.
    const double rest = left.sign() > 0 ? left.round_up() : left.round_down();
    const double shortest = std::max(std::abs(time_.nearest()) * 0x1p-48,
                                     std::abs(problem_.duration.nearest()) * 0x1p-100);
    const double longest = std::ldexp(1.0, problem_.options.log2_longest);
    unit_ = std::copysign(std::min(std::abs(unit_), longest), rest);
    bool last = false;
    ending failure = ending::undefined;
    while (true) {
        if (std::abs(unit_) < shortest || unit_ == 0) return failure;
        last = std::abs(unit_) >= std::abs(rest);
        if (recurrence.expand(state_, last ? rest : unit_)) break;
        unit_ =
            (last ? std::copysign(std::exp2(std::floor(std::log2(std::abs(rest)))), rest) : unit_) /
            16;
    }
    // Shorter lengths are powers of two, so that times stay short.
    const auto shorten = [&](double factor) {
        const double now = std::abs(recurrence.unit());
        const double power = std::exp2(std::floor(std::log2(now)));
        if (power * factor < shortest) return false;
        last = false;
        if (power < now) return recurrence.expand(state_, std::copysign(power * factor, rest));
        recurrence.rescale(factor);
        return true;
    };
    carried errors;
    std::vector<upper> start;
    for (const model& y : state_)
        start.push_back(y.remainder());
    double room = recurrence.room(tail_bits);
    if (room < 0 && !shorten(std::exp2(std::floor(std::max(room, -60.0))))) return failure;
    while (true) {
        const std::vector<upper> defect = recurrence.defect();
        const bool defined =
            std::all_of(defect.begin(), defect.end(), [](upper d) { return d.is_finite(); });
        if (defined && transport.carry(recurrence, start, defect, errors)) break;
        failure = defined ? ending::not_validated : ending::undefined;
        if (!shorten(0.5)) return failure;
    }
    unit_ = recurrence.unit();
    room = recurrence.room(tail_bits);
    accept(recurrence, errors, last);
    if (room >= 1) {
        const double grown =
            std::exp2(std::floor(std::log2(std::abs(unit_))) + std::min(2.0, std::floor(room)));
        unit_ = std::copysign(grown, unit_);
    }
    return ending::reached;
}

/// Moves the state to the end of the step.
void attempt::accept(const model_recurrence& recurrence, const carried& errors, bool last) {
    const rational length = last ? problem_.duration - time_ : rational::exactly(unit_);
    const bool whole = length == rational::exactly(unit_);
    const set u = whole ? set(1) : set(length / rational::exactly(unit_));
    const int order = recurrence.order();
    const auto powers = static_cast<std::size_t>(order) + 1;
    std::vector<double> row(powers), c(basis_->size());
    model_step kept{time_, unit_, order, {}, {}};
    for (std::size_t s = 0; s < state_.size(); ++s) {
        upper rounded;
        double errors_of_sums = 0;
        for (std::size_t i = 0; i < c.size(); ++i) {
            for (int k = 0; k <= order; ++k)
                row[static_cast<std::size_t>(k)] = recurrence.coefficient(s, i, k);
            if (problem_.options.keep_path)
                kept.coefficients.insert(kept.coefficients.end(), row.begin(), row.end());
            if (whole) { // each sum's error is known exactly
                double sum = row.back();
                for (std::size_t k = powers - 1; k-- > 0;) {
                    const auto next = rounding::two_sum(row[k], sum);
                    sum = next.value;
                    errors_of_sums += std::abs(next.error);
                }
                c[i] = sum;
            } else {
                const set value = horner(row.data(), order, u);
                c[i] = value.is_bounded() ? value.midpoint()
                                          : std::numeric_limits<double>::quiet_NaN();
                rounded += upper(value.radius());
            }
        }
        rounded +=
            upper(errors_of_sums) * upper(1 + static_cast<double>(c.size() * powers) * 0x1p-51);
        state_[s] = model(basis_, c, (whole ? errors.end[s] : errors.during[s]) + rounded);
        kept.deviation.push_back(errors.during[s].value());
    }
    if (problem_.options.keep_path) path_.push_back(std::move(kept));
    time_ = last ? problem_.duration : time_ + length;
    ++steps_;
}

} // namespace

model_tube enclose_over_box(const vector_field& f, const tape& start,
                            const std::vector<parameter_range>& ranges, const rational& duration,
                            const box_options& options) {
    const problem p = stated(f, start, ranges, duration, options);
    if (options.degree > 0 || p.symbols == 0)
        return *attempt(p, p.symbols == 0 ? 0 : options.degree).run(true);
    for (int degree = 4;; degree += 2) {
        const bool last =
            monomials::product_terms(p.symbols, degree + 2) > affordable_terms || degree >= 14;
        if (auto tube = attempt(p, degree).run(last)) return *std::move(tube);
    }
}

} // namespace flowproof::rigorous
