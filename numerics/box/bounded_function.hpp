#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "numerics/box/enclosed_tape.hpp"

namespace flowproof {

/// What a bound rests on, weakest first.
enum class form : std::uint8_t { none, direct, centred, monotone };

/// What is to be shown of a function on a box.
enum class goal : std::uint8_t { positive, nonnegative, negative, nonpositive };

/// A side of a box: its range, and intervals around its ends, exact where T can be.
template <class T> struct box_side {
    T range, lower, upper;
    bool fixed; ///< the ends are equal
};

/// A function of several variables with its gradient, bounded over boxes.
///
///     direct    the tape evaluated on the box X
///     centred   f(m) + f'(X) (X - m) with m the centre of X, intersected with direct
///     monotone  where a derivative has a certain sign on X, the side is replaced by the end where
///               f is smallest (largest, for an upper bound); on the face that is left, again
///               centred and direct, and again derivatives, until no side is replaced
///
/// A box on part of which the tape is undefined has no bounds.
template <class T> class bounded_function {
public:
    /// @param f  one output.
    explicit bounded_function(const tape& f);

    /// Where on a side: its lower end, upper end or centre.
    enum class place : std::int8_t { lower, upper, centre };
    using places = std::vector<place>;

    struct workspace {
        std::vector<T> value, jet, box, point;
        std::vector<char> held; ///< sides replaced by an end

        // What is left when the goal was not shown.
        T enclosure;         ///< of f on the last face looked at
        bool defined = true; ///< certainly, on the whole box
        /// The bound misses the goal by no more than what f(m) is wide: more digits may help.
        bool rounding = false;
        struct sample {
            places at;
            T value;
        };
        std::vector<sample> samples; ///< the centres of the faces looked at
    };
    workspace make_workspace() const;

    /// The first form that shows the goal on the box, or none.
    form show(goal asked, std::span<const box_side<T>> box, workspace& work) const;
    /// f(box), empty unless defined everywhere.
    T direct(std::span<const T> box, workspace& work) const;
    /// After show() returned none: how much f may vary with side j of the last face.
    const T& derivative(std::size_t j, const workspace& work) const {
        return jet_.output(work.jet, 1 + j);
    }
    static bool meets(goal asked, const T& x);

private:
    enclosed_tape<T> value_, jet_;
};

extern template class bounded_function<interval<double>>;
extern template class bounded_function<rational_interval>;

} // namespace flowproof
