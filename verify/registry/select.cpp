#include "verify/registry/select.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace flowproof {

namespace {

/// Levenshtein distance: insertions, deletions and replacements cost 1.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    std::string list;
    for (const std::string& c : nearest(word, candidates))
        list += (list.empty() ? "; nearest: " : ", ") + c;
    return list;
}

} // namespace

bool matches(std::string_view pattern, std::string_view id) {
    // Greedy with one point to come back to: the last star, which then takes one more character.
    std::size_t p = 0, i = 0, star = std::string_view::npos, retry = 0;
    while (i < id.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = i;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == id[i])) {
            ++p;
            ++i;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            i = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

std::vector<selected_claim> select_claims(const std::vector<paper>& papers,
                                          const std::vector<std::string>& patterns) {
    std::vector<selected_claim> result;
    std::vector<std::string> ids;
    std::vector<bool> used(patterns.size(), false);
    for (const paper& p : papers)
        for (const claim& c : p.claims) {
            ids.push_back(c.id);
            bool wanted = patterns.empty();
            for (std::size_t k = 0; k < patterns.size(); ++k)
                if (matches(patterns[k], c.id)) wanted = used[k] = true;
            if (wanted) result.push_back({&p, &c});
        }
    for (std::size_t k = 0; k < patterns.size(); ++k)
        if (!used[k])
            throw std::invalid_argument("no claim matches \"" + patterns[k] + "\"" +
                                        suggestion(patterns[k], ids));
    return result;
}

const quantity& find_quantity(const std::vector<paper>& papers, std::string_view id) {
    std::vector<std::string> ids;
    for (const paper& p : papers)
        for (const quantity& q : p.quantities) {
            if (q.id == id) return q;
            ids.push_back(q.id);
        }
    throw std::invalid_argument("no quantity is called \"" + std::string(id) + "\"" +
                                suggestion(id, ids));
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t count) {
    std::vector<std::pair<std::size_t, std::string>> ranked;
    for (const std::string& c : candidates) {
        const std::size_t distance = edit_distance(word, c);
        // Further than half of the longer word is no slip of the finger.
        if (2 * distance <= std::max(word.size(), c.size())) ranked.emplace_back(distance, c);
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
    std::vector<std::string> result;
    for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i)
        result.push_back(ranked[i].second);
    return result;
}

} // namespace flowproof
