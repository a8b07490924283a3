#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "numerics/io/excerpt.hpp"
#include "numerics/io/matrix_file.hpp"

// The format: numpy.lib.format in NumPy's manual, and NEP 1.

namespace flowproof::io {
namespace {

constexpr std::size_t longest_header = 65536; // NumPy itself warns beyond 10000
constexpr std::string_view magic = "\x93NUMPY";

[[noreturn]] void refuse(std::string_view name, std::string_view rule, const std::string& found) {
    throw std::invalid_argument("io::parse_npy: " + std::string(name) + ": " + std::string(rule) +
                                ", got " + found);
}

struct header {
    std::string type; // such as "<f8"
    bool fortran_order = false;
    std::vector<std::uint64_t> shape;
};

/// Reads the header, a Python dict literal of which NumPy writes exactly three keys:
/// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
class header_parser {
public:
    header_parser(std::string_view text, std::string_view name) : rest_(text), name_(name) {}

    header parse() {
        std::optional<std::string> type;
        std::optional<bool> fortran_order;
        std::optional<std::vector<std::uint64_t>> shape;
        expect('{');
        while (!accept('}')) {
            const std::string key = string();
            expect(':');
            if (key == "descr" && !type) {
                type = type_name();
            } else if (key == "fortran_order" && !fortran_order) {
                fortran_order = boolean();
            } else if (key == "shape" && !shape) {
                shape = tuple();
            } else {
                refuse(name_, "the header's keys must be descr, fortran_order and shape, once each",
                       excerpt(key));
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip();
        if (!rest_.empty()) unexpected("the end");
        if (!type || !fortran_order || !shape)
            refuse(name_, "the header must have the keys descr, fortran_order and shape",
                   std::string("none named ") +
                       (!type ? "descr" : (!fortran_order ? "fortran_order" : "shape")));
        return {*type, *fortran_order, *shape};
    }

private:
    void skip() {
        const auto next = rest_.find_first_not_of(" \t\n\r");
        rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
    }

    bool accept(char c) {
        skip();
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool accept(std::string_view word) {
        skip();
        if (rest_.substr(0, word.size()) != word) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    void expect(char c) {
        if (!accept(c)) unexpected({'\'', c, '\''});
    }

    [[noreturn]] void unexpected(const std::string& wanted) {
        refuse(name_, "the header must have " + wanted + " here", excerpt(rest_));
    }

    std::string string() {
        skip();
        if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"'))
            unexpected("a quoted string");
        const auto end = rest_.find(rest_.front(), 1);
        if (end == std::string_view::npos) unexpected("a closing quote");
        const auto text = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return std::string(text);
    }

    std::string type_name() {
        skip();
        if (!rest_.empty() && (rest_.front() == '[' || rest_.front() == '('))
            refuse(name_, "the array must have one number an entry, not a structure",
                   excerpt(rest_));
        return string();
    }

    bool boolean() {
        if (accept("True")) return true;
        if (!accept("False")) unexpected("True or False");
        return false;
    }

    std::uint64_t size() {
        skip();
        const std::string_view start = rest_;
        std::uint64_t value = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            const auto digit = static_cast<std::uint64_t>(rest_.front() - '0');
            if (value > (UINT64_MAX - digit) / 10)
                refuse(name_, "a dimension must fit 64 bits", excerpt(start));
            value = 10 * value + digit;
            rest_.remove_prefix(1);
        }
        if (rest_.size() == start.size()) unexpected("a dimension");
        return value;
    }

    std::vector<std::uint64_t> tuple() {
        std::vector<std::uint64_t> sizes;
        expect('(');
        while (!accept(')')) {
            sizes.push_back(size());
            if (!accept(',')) {
                if (sizes.size() == 1) unexpected("a comma, as in (3,)");
                expect(')');
                break;
            }
        }
        return sizes;
    }

    std::string_view rest_, name_;
};

struct number_type {
    bool big_endian;
    char kind; // f, i or u
    std::size_t bytes;
};

number_type number_type_of(const std::string& type, std::string_view name) {
    const bool marked = !type.empty() && (type[0] == '<' || type[0] == '>' || type[0] == '|');
    const std::string what = type.substr(marked ? 1 : 0);
    const bool ordered = marked && type[0] != '|';
    if (ordered || (what.size() == 2 && what[1] == '1')) // one byte has no order
        for (const char* known : {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
            if (what == known)
                return {type[0] == '>', what[0], static_cast<std::size_t>(what[1] - '0')};
    std::string rule = "descr must be < or > and one of f4 f8 i1 i2 i4 i8 u1 u2 u4 u8";
    if (what[0] == 'O') rule = "an array of Python objects (pickle) is never read";
    if (what == "f2") rule = "half precision is not read, convert with a.astype('f4')";
    if (what[0] == 'b' || what[0] == '?')
        rule = "booleans are not read, convert with a.astype('u1')";
    refuse(name, rule, excerpt(type));
}

/// Little-endian unsigned number of the first n <= 8 bytes.
std::uint64_t little_endian(std::string_view bytes, std::size_t n) {
    std::uint64_t value = 0;
    for (std::size_t i = n; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t n) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < n; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// The entry's exact value, none if it is NaN or infinite.
std::optional<rational> number(std::string_view bytes, const number_type& type) {
    const std::uint64_t bits =
        type.big_endian ? big_endian(bytes, type.bytes) : little_endian(bytes, type.bytes);
    if (type.kind == 'f') {
        const double value = type.bytes == 8
                                 ? std::bit_cast<double>(bits)
                                 : double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
        if (!std::isfinite(value)) return std::nullopt;
        return rational::exactly(value);
    }
    if (type.kind == 'i') { // shift the sign bit up, then down again
        const auto unused = static_cast<int>(64 - 8 * type.bytes);
        return rational(static_cast<std::int64_t>(bits << unused) >> unused);
    }
    return rational(static_cast<std::int64_t>(bits >> 1)) * rational(2) +
           rational(static_cast<std::int64_t>(bits & 1));
}

} // namespace

exact_table parse_npy(std::string_view bytes, std::string_view name) {
    if (bytes.substr(0, magic.size()) != magic)
        refuse(name, "a .npy file must begin with \\x93NUMPY", excerpt(bytes.substr(0, 6)));
    const auto truncated = [&](std::size_t needed) {
        refuse(name, "the file ends inside its header: need " + std::to_string(needed) + " bytes",
               std::to_string(bytes.size()));
    };
    if (bytes.size() < 8) truncated(8);
    const int major = static_cast<unsigned char>(bytes[6]);
    const int minor = static_cast<unsigned char>(bytes[7]);
    if (major < 1 || major > 3 || minor != 0)
        refuse(name, "the format version must be 1.0, 2.0 or 3.0",
               std::to_string(major) + "." + std::to_string(minor));
    const std::size_t start = major == 1 ? 10 : 12;
    if (bytes.size() < start) truncated(start);
    const std::size_t length = little_endian(bytes.substr(8), start - 8);
    if (length > longest_header)
        refuse(name, "the header must have at most 65536 bytes", std::to_string(length));
    if (bytes.size() < start + length) truncated(start + length);

    const header head = header_parser(bytes.substr(start, length), name).parse();
    const number_type type = number_type_of(head.type, name);
    if (head.shape.size() > 2)
        refuse(name, "the array must have at most 2 dimensions", std::to_string(head.shape.size()));
    const std::uint64_t rows = head.shape.empty() ? 1 : head.shape[0];
    const std::uint64_t cols = head.shape.size() < 2 ? 1 : head.shape[1];
    const std::string shape = std::to_string(rows) + " x " + std::to_string(cols);
    if (rows == 0 || cols == 0) refuse(name, "a matrix must have at least one entry", shape);
    if (rows > largest_matrix / cols)
        refuse(name, "a matrix must have at most 67108864 entries", shape);

    const std::string_view data = bytes.substr(start + length);
    const std::size_t count = rows * cols;
    if (data.size() != count * type.bytes)
        refuse(name,
               std::string(data.size() < count * type.bytes ? "the data are cut short"
                                                            : "bytes follow the data") +
                   ": " + shape + " entries of type " + head.type + " take " +
                   std::to_string(count * type.bytes) + " bytes",
               std::to_string(data.size()));

    exact_table table{rows, cols, {}};
    table.entries.reserve(count);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < cols; ++j) {
            const std::size_t at = head.fortran_order ? j * rows + i : i * cols + j;
            auto value = number(data.substr(at * type.bytes), type);
            if (!value)
                refuse(name, "an entry must be a finite number",
                       "NaN or an infinity at [" + std::to_string(i) + ", " + std::to_string(j) +
                           "]");
            table.entries.push_back(*std::move(value));
        }
    }
    return table;
}

} // namespace flowproof::io
