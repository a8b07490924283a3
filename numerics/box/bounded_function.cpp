#include "numerics/box/bounded_function.hpp"

namespace flowproof {

namespace {

interval<double> centre(const interval<double>& x) { return interval<double>(x.midpoint()); }
rational_interval centre(const rational_interval& x) {
    return (x.lower() + x.upper()) / rational(2);
}

bool asks_below(goal asked) { return asked == goal::positive || asked == goal::nonnegative; }

/// Does x miss the goal by at most 64 times the width of `value`, which is not 0?
template <class T> bool by_rounding(goal asked, const T& x, const T& value) {
    const auto width = value.upper() - value.lower();
    const auto missing = asks_below(asked) ? -x.lower() : x.upper();
    return width > 0 && missing <= 64 * width;
}

} // namespace

template <class T>
bounded_function<T>::bounded_function(const tape& f) : value_(f), jet_(with_derivatives(f)) {}

template <class T> auto bounded_function<T>::make_workspace() const -> workspace {
    workspace work;
    work.value = value_.workspace();
    work.jet = jet_.workspace();
    return work;
}

template <class T> bool bounded_function<T>::meets(goal asked, const T& x) {
    if (x.is_empty()) return false;
    switch (asked) {
    case goal::positive:
        return x.lower() > 0;
    case goal::nonnegative:
        return x.lower() >= 0;
    case goal::negative:
        return x.upper() < 0;
    default:
        return x.upper() <= 0;
    }
}

template <class T> T bounded_function<T>::direct(std::span<const T> box, workspace& work) const {
    value_.evaluate(box, work.value);
    return value_.output(work.value, 0);
}

template <class T>
form bounded_function<T>::show(goal asked, std::span<const box_side<T>> box,
                               workspace& work) const {
    const std::size_t n = box.size();
    work.box.clear();
    work.held.clear();
    work.samples.clear();
    work.rounding = false;
    for (const box_side<T>& side : box) {
        work.box.push_back(side.range);
        work.held.push_back(side.fixed);
    }
    places at;
    for (const box_side<T>& side : box)
        at.push_back(side.fixed ? place::lower : place::centre);

    work.enclosure = direct(work.box, work);
    work.defined = !work.enclosure.is_empty();
    if (!work.defined) return form::none;
    if (meets(asked, work.enclosure)) return form::direct;

    for (form next = form::centred;; next = form::monotone) {
        jet_.evaluate(work.box, work.jet);
        if (next == form::monotone) {
            work.enclosure = jet_.output(work.jet, 0);
            if (meets(asked, work.enclosure)) return next;
        }
        work.point = work.box;
        for (std::size_t j = 0; j < n; ++j)
            if (!work.held[j]) work.point[j] = centre(work.box[j]);
        const T value = direct(work.point, work);
        T around = value;
        for (std::size_t j = 0; j < n; ++j)
            if (!work.held[j])
                around = around + derivative(j, work) * (work.box[j] - work.point[j]);
        // Empty where a derivative is not defined: then only the direct bound counts.
        if (!around.is_empty()) work.enclosure = intersection(work.enclosure, around);
        if (meets(asked, work.enclosure)) return next;
        work.rounding = work.rounding || by_rounding(asked, work.enclosure, value);
        work.samples.push_back({at, value});

        bool replaced = false;
        for (std::size_t j = 0; j < n; ++j) {
            if (work.held[j]) continue;
            const T& slope = derivative(j, work);
            const bool rising = meets(goal::nonnegative, slope);
            if (!rising && !meets(goal::nonpositive, slope)) continue;
            const bool to_lower = rising == asks_below(asked);
            work.box[j] = to_lower ? box[j].lower : box[j].upper;
            at[j] = to_lower ? place::lower : place::upper;
            work.held[j] = replaced = true;
        }
        if (!replaced) return form::none;
    }
}

template class bounded_function<interval<double>>;
template class bounded_function<rational_interval>;

} // namespace flowproof
