#include "theory/core/arguments.hpp"

#include <stdexcept>

namespace flowproof {

namespace {

std::string names_of(const std::map<std::string, matrix<rational>, std::less<>>& values) {
    std::string list;
    for (const auto& [name, value] : values)
        list += (list.empty() ? "" : ", ") + name;
    return list.empty() ? "nothing" : list;
}

} // namespace

arguments& arguments::set(const std::string& name, rational value) {
    matrix<rational> m(1, 1);
    m(0, 0) = std::move(value);
    return set(name, std::move(m));
}

arguments& arguments::set(const std::string& name, matrix<rational> value) {
    if (value.size() == 0)
        throw std::invalid_argument("arguments: " + name + " must not be an empty matrix");
    values_[name] = std::move(value);
    return *this;
}

bool arguments::has(std::string_view name) const { return values_.find(name) != values_.end(); }

const matrix<rational>& arguments::at(std::string_view name) const {
    const auto it = values_.find(name);
    if (it == values_.end())
        throw std::invalid_argument("arguments: need a value for " + std::string(name) +
                                    ", got values for " + names_of(values_));
    return it->second;
}

const rational& arguments::scalar(std::string_view name) const {
    const matrix<rational>& m = at(name);
    if (m.size() != 1)
        throw std::invalid_argument("arguments: " + std::string(name) +
                                    " must be a single number, got a " + std::to_string(m.rows()) +
                                    " x " + std::to_string(m.cols()) + " matrix");
    return m(0, 0);
}

std::int64_t arguments::integer(std::string_view name, std::int64_t low, std::int64_t high) const {
    const rational& q = scalar(name);
    if (!q.is_integer() || q < rational(low) || q > rational(high))
        throw std::invalid_argument("arguments: " + std::string(name) + " must be an integer in [" +
                                    std::to_string(low) + ", " + std::to_string(high) + "], got " +
                                    q.str());
    return q.to_int64();
}

arguments arguments::overridden_by(const arguments& other) const {
    arguments result = *this;
    for (const auto& [name, value] : other.values_)
        result.values_[name] = value;
    return result;
}

std::string arguments::str() const {
    std::string out;
    for (const auto& [name, value] : values_)
        out += (out.empty() ? "" : ", ") + name + " = " + flowproof::str(value);
    return out;
}

std::string str(const matrix<rational>& m) {
    if (m.size() == 1) return m(0, 0).str();
    std::string out = "[";
    for (Eigen::Index i = 0; i < m.rows(); ++i) {
        out += i == 0 ? "[" : ", [";
        for (Eigen::Index j = 0; j < m.cols(); ++j)
            out += (j == 0 ? "" : ", ") + m(i, j).str();
        out += "]";
    }
    return out + "]";
}

matrix<rational> rows(const std::vector<std::vector<rational>>& entries) {
    if (entries.empty() || entries.front().empty())
        throw std::invalid_argument("rows: a matrix needs at least one entry");
    const auto n = static_cast<Eigen::Index>(entries.size());
    const auto m = static_cast<Eigen::Index>(entries.front().size());
    matrix<rational> result(n, m);
    for (Eigen::Index i = 0; i < n; ++i) {
        const auto& row = entries[static_cast<std::size_t>(i)];
        if (static_cast<Eigen::Index>(row.size()) != m)
            throw std::invalid_argument("rows: row " + std::to_string(i) + " has " +
                                        std::to_string(row.size()) + " entries, the first has " +
                                        std::to_string(m));
        for (Eigen::Index j = 0; j < m; ++j)
            result(i, j) = row[static_cast<std::size_t>(j)];
    }
    return result;
}

} // namespace flowproof
