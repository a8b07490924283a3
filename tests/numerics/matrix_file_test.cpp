#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

#include "numerics/io/matrix_file.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/seed.hpp"

using namespace flowproof;
using support::mentions;
using namespace std::string_literals;
using io::exact_table, io::parse_csv, io::parse_npy, io::read_matrix;

namespace {

/// "2x2: 1 1/3 -2 0": shape and entries, to compare and to print.
std::string str(const exact_table& table) {
    std::ostringstream out;
    out << table.rows << 'x' << table.cols << ':';
    for (const auto& entry : table.entries)
        out << ' ' << entry;
    return out.str();
}
std::string csv(std::string_view text) { return str(parse_csv(text, "m.csv")); }
std::string npy(std::string_view bytes) { return str(parse_npy(bytes, "m.npy")); }

/// The message of the std::invalid_argument that f must throw.
template <class F> std::string refusal(F f) {
    try {
        f();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "accepted";
}
std::string csv_refusal(std::string_view text) {
    return refusal([&] { parse_csv(text, "m.csv"); });
}
std::string npy_refusal(std::string_view bytes) {
    return refusal([&] { parse_npy(bytes, "m.npy"); });
}

/// The bytes of a .npy file: magic, version, header length, header, data.
std::string npy_file(std::string_view header, std::string_view data, int major = 1) {
    std::string bytes = "\x93NUMPY";
    bytes += static_cast<char>(major);
    bytes += '\0';
    for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
        bytes += static_cast<char>(header.size() >> (8 * i));
    return bytes.append(header).append(data);
}
std::string dict(std::string_view type, std::string_view shape, bool fortran_order = false) {
    return "{'descr': '" + std::string(type) +
           "', 'fortran_order': " + (fortran_order ? "True" : "False") +
           ", 'shape': " + std::string(shape) + ", }  \n";
}

/// The lowest `size` bytes of `bits`, lowest first; or last.
std::string little(std::uint64_t bits, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(bits >> (8 * i));
    return bytes;
}
std::string big(std::uint64_t bits, int size) {
    const auto bytes = little(bits, size);
    return {bytes.rbegin(), bytes.rend()};
}
std::string f8(double x) { return little(std::bit_cast<std::uint64_t>(x), 8); }
std::string f4(float x) { return little(std::bit_cast<std::uint32_t>(x), 4); }

/// 2 x 3 doubles as NumPy writes them, 128 bytes before the data.
std::string good_npy() {
    std::string header = dict("<f8", "(2, 3)");
    header.pop_back();
    header.resize(117, ' ');
    std::string data;
    for (const double x : {0.5, -1.0, 0.1, 5e-324, 1e300, 0.0})
        data += f8(x);
    return npy_file(header + "\n", data);
}
const std::string good_csv = "# weights\n1, -2/3, 0.25\r\n1e-3, +5, 2.5e2 # last\n\n";

void write(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix_file_test)

BOOST_AUTO_TEST_CASE(text_is_read_exactly_whatever_separates_the_cells) {
    for (const char* text :
         {"1,1/3\n-2,0.1\n", "1;1/3\n-2;0.1", "1\t1/3\n-2\t0.1\n", "1 1/3\n-2 0.1\n",
          "  1   1/3  \n\t-2 \t 0.1\n", "1 , 1/3\r\n-2 ,0.1\r\n", "\xef\xbb\xbf\x31,1/3\n-2,0.1",
          "# a\n\n1,1/3 # b\n#c\n-2,0.1\n\n\n"})
        BOOST_TEST(csv(text) == "2x2: 1 1/3 -2 1/10", text);
    BOOST_TEST(csv("2.5e-3") == "1x1: 1/400");
    BOOST_TEST(csv("1\n2\n3") == "3x1: 1 2 3");
    BOOST_TEST(csv(good_csv) == "2x3: 1 -2/3 1/4 1/1000 5 250");
}

BOOST_AUTO_TEST_CASE(bad_text_is_refused_with_file_line_column_rule_and_what_was_found) {
    const struct {
        std::string text, where, rule, found;
    } cases[] = {
        {"1,2\n3,x\n", "line 2, column 2", "a cell must be an integer", "\"x\""},
        {"1,2\n\n# c\n3\n", "line 4, column 2", "the 2 cells of line 1 and not 1", "\"3\""},
        {"1,2\n3,4,5\n", "line 2, column 3", "the 2 cells of line 1 and not 3", "\"3,4,5\""},
        {"1,,2\n", "line 1, column 2", "must not be empty", "\"\""},
        {"1,2,\n", "line 1, column 3", "must not be empty", "\"\""},
        {"1\t2\t\n", "line 1, column 3", "must not be empty", "\"\""},
        {"1,nan\n", "line 1, column 2", "must be a finite number", "\"nan\""},
        {"-Inf 1\n", "line 1, column 1", "must be a finite number", "\"-Inf\""},
        {"1;N/A\n", "line 1, column 2", "must be a finite number", "\"N/A\""},
        {"a,b\n1,2\n", "line 1, column 1", "a header line is not read", "\"a\""},
        {"w 1,b\n1,2\n", "line 1, column 1", "a header line is not read", "\"w 1\""},
        {"\"w\"\n1\n", "line 1, column 1", "a header line is not read", "\"\"w\"\""},
        {"1,5;2,5\n", "line 1, column 1", "(here semicolons) and the decimal sign is a point",
         "\"1,5\""},
        {"1 2\n3,4\n", "line 2, column 1", "(here blanks)", "\"3,4\""},
        {"1,2\n3 4\n", "line 2, column 1", "(here commas)", "\"3 4\""},
        {"1,1/0\n", "line 1, column 2", "denominator must not be 0", "\"1/0\""},
        {"1.5/2\n", "line 1, column 1", "two integers", "\"1.5/2\""},
        {"1e\n", "line 1, column 1", "exponent", "\"1e\""},
        {"1\r2\n", "line 1, column 1", "a cell must be", "\"1\\x0d2\""},
        {"1,\xe2\x88\x92\x32\n", "line 1, column 2", "a cell must be", "\"\\xe2\\x88\\x922\""},
        {"0x10\n", "line 1, column 1", "a cell must be", "\"0x10\""},
        {"\xff\xfe"
         "1\0"s,
         "line 1, column 1", "not UTF-16", "\"\\xff\\xfe\""},
        {"1\0"s, "line 1, column 1", "a cell must be", "\"1\\x00\""},
        {std::string(5000, '7'), "line 1, column 1", "at most 4096 characters", "\"777"},
    };
    for (const auto& [text, where, rule, found] : cases)
        BOOST_TEST_CONTEXT(text.substr(0, 20)) {
            const std::string message = csv_refusal(text);
            BOOST_TEST_MESSAGE(message);
            BOOST_TEST(mentions(message, "io::parse_csv: m.csv, " + where + ": "), message);
            BOOST_TEST(mentions(message, rule), message);
            BOOST_TEST(mentions(message, found), message);
        }
}

BOOST_AUTO_TEST_CASE(text_without_a_number_is_refused) {
    for (const char* text : {"", "\n\n", "# only a comment", " \t \r\n", "\xef\xbb\xbf"})
        BOOST_TEST(mentions(csv_refusal(text), "must have at least one row"), csv_refusal(text));
}

BOOST_AUTO_TEST_CASE(short_text_cannot_ask_for_unbounded_memory) {
    std::string text; // 150 numbers of a million digits
    for (int i = 0; i < 150; ++i)
        text += "1e-999999\n";
    BOOST_TEST(mentions(csv_refusal(text), "line 135, column 1: the exponents of a file"));
    BOOST_TEST(mentions(csv_refusal("1e99999999999999999999999"), "exponent must lie within"));
}

BOOST_AUTO_TEST_CASE(each_number_type_is_read_exactly_in_both_byte_orders) {
    const struct {
        const char* type;
        int size;
        std::uint64_t bits;
        const char* value;
    } cases[] = {
        {"i1", 1, 0x80, "-128"},
        {"u1", 1, 0xff, "255"},
        {"i2", 2, 0x8001, "-32767"},
        {"u2", 2, 0x8001, "32769"},
        {"i4", 4, 0xfffffffe, "-2"},
        {"u4", 4, 0xfffffffe, "4294967294"},
        {"i8", 8, 0x8000000000000000, "-9223372036854775808"},
        {"u8", 8, 0xffffffffffffffff, "18446744073709551615"},
        {"f4", 4, 0x3dcccccd, "13421773/134217728"},                              // 0.1f
        {"f4", 4, 0x00000001, "1/713623846352979940529142984724747568191373312"}, // 2^-149
        {"f8", 8, 0x3fb999999999999a, "3602879701896397/36028797018963968"},      // 0.1
        {"f8", 8, 0x8000000000000000, "0"},                                       // -0.0
    };
    for (const auto& [type, size, bits, value] : cases)
        BOOST_TEST_CONTEXT(type << ' ' << value) {
            BOOST_TEST(npy(npy_file(dict("<"s + type, "()"), little(bits, size))) ==
                       "1x1: "s + value);
            BOOST_TEST(npy(npy_file(dict(">"s + type, "()"), big(bits, size))) == "1x1: "s + value);
        }
    BOOST_TEST(npy(npy_file(dict("|i1", "(2,)"), "\x01\xff")) == "2x1: 1 -1");
}

BOOST_AUTO_TEST_CASE(every_double_of_a_file_keeps_all_its_bits) {
    const auto seed = support::seed(20250101);
    std::mt19937_64 draw(seed);
    for (int trial = 0; trial < support::trials(2000); ++trial) {
        const auto bits = draw();
        const auto x = std::bit_cast<double>(bits);
        BOOST_TEST_CONTEXT("seed " << seed << ", trial " << trial << ", bits " << bits) {
            const std::string file = npy_file(dict("<f8", "(1,)"), little(bits, 8));
            if (std::isfinite(x))
                BOOST_TEST(parse_npy(file, "m").entries[0].nearest() == x);
            else
                BOOST_TEST(mentions(npy_refusal(file), "finite"));
        }
    }
}

BOOST_AUTO_TEST_CASE(shapes_and_orders_place_entries_where_numpy_does) {
    std::string data;
    for (char c = 1; c <= 6; ++c)
        data += c;
    BOOST_TEST(npy(npy_file(dict("|u1", "(2, 3)"), data)) == "2x3: 1 2 3 4 5 6");
    BOOST_TEST(npy(npy_file(dict("|u1", "(2, 3)", true), data)) == "2x3: 1 3 5 2 4 6");
    BOOST_TEST(npy(npy_file(dict("|u1", "(6,)", true), data)) == "6x1: 1 2 3 4 5 6");
    BOOST_TEST(npy(npy_file(dict("|u1", "(1, 6)"), data)) == "1x6: 1 2 3 4 5 6");
    BOOST_TEST(npy(good_npy()).substr(0, 4) == "2x3:");
}

BOOST_AUTO_TEST_CASE(any_version_and_any_spelling_of_the_header_is_read) {
    for (const int major : {1, 2, 3})
        BOOST_TEST(npy(npy_file(dict("<i2", "(1, 2)"), "\1\0\2\0"s, major)) == "1x2: 1 2");
    for (const char* header :
         {R"({"shape":(1,2),"fortran_order":False,"descr":"<i2"})",
          "{ 'fortran_order' : False , 'shape' : ( 1 , 2 , ) , 'descr' : '<i2' , }",
          "  {'descr': \"<i2\",\n 'shape': (1, 2), 'fortran_order': False}\n\n"})
        BOOST_TEST(npy(npy_file(header, "\1\0\2\0"s)) == "1x2: 1 2", header);
}

BOOST_AUTO_TEST_CASE(bad_npy_files_are_refused_with_rule_and_what_was_found) {
    const std::string one = f8(1);
    const auto typed = [&](const char* type) { return npy_file(dict(type, "(1,)"), one); };
    const auto shaped = [&](const char* shape) { return npy_file(dict("<f8", shape), one); };
    const auto headed = [&](const char* header) { return npy_file(header, one); };
    const struct {
        std::string bytes, rule, found;
    } cases[] = {
        {"", "must begin with", "\"\""},
        {"PK\3\4 a zip file", "must begin with", "\"PK\\x03\\x04 a\""},
        {"\x93NUMPY\1", "need 8 bytes", "got 7"},
        {"\x93NUMPY\1\0\x10"s, "need 10 bytes", "got 9"},
        {"\x93NUMPY\2\0\x10\0"s, "need 12 bytes", "got 10"},
        {"\x93NUMPY\4\0\0\0"s, "version must be", "got 4.0"},
        {"\x93NUMPY\1\1\0\0"s, "version must be", "got 1.1"},
        {"\x93NUMPY\2\0\xff\xff\xff\xff"s, "at most 65536 bytes", "got 4294967295"},
        {good_npy().substr(0, 100), "need 128 bytes", "got 100"},
        {good_npy().substr(0, 128), "cut short: 2 x 3 entries of type <f8 take 48 bytes", "got 0"},
        {good_npy().substr(0, 175), "cut short", "got 47"},
        {good_npy() + "x", "bytes follow the data", "got 49"},
        {typed("<f2"), "half precision", "<f2"},
        {typed("<f16"), "descr must be", "<f16"},
        {typed("<c8"), "descr must be", "<c8"},
        {typed("|b1"), "booleans", "|b1"},
        {typed("|O"), "Python objects", "|O"},
        {typed("<U8"), "descr must be", "<U8"},
        {typed("|f8"), "descr must be", "|f8"},
        {typed("f8"), "descr must be", "\"f8\""},
        {typed(""), "descr must be", "\"\""},
        {headed("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"),
         "one number an entry", "[('a', '<f8')]"},
        {headed("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,)}"),
         "one number an entry", "('<f8', (2,))"},
        {shaped("(1, 1, 1)"), "at most 2 dimensions", "got 3"},
        {shaped("(0,)"), "at least one entry", "0 x 1"},
        {shaped("(3, 0)"), "at least one entry", "3 x 0"},
        {shaped("(67108865,)"), "at most 67108864 entries", "67108865 x 1"},
        {shaped("(4294967296, 4294967296)"), "at most 67108864 entries", "4294967296 x"},
        {shaped("(99999999999999999999,)"), "must fit 64 bits", "99999999999999999999"},
        {shaped("(-1,)"), "must have a dimension", "-1,)"},
        {shaped("(1)"), "must have a comma", ")"},
        {shaped("1"), "must have '('", "1, }"},
        {shaped("(1.0,)"), "must have a comma", ".0,)"},
        {shaped("(1,"), "must have a dimension", "}"},
        {headed("{'descr': '<f8', 'fortran_order': False}"), "must have the keys",
         "none named shape"},
        {headed("{}"), "must have the keys", "none named descr"},
        {headed("{'descr': '<f8', 'descr': '<f8'}"), "once each", "descr"},
        {headed("{'descr': '<f8', 'order': 'C'}"), "keys must be", "order"},
        {headed("{'descr': '<f8', 'fortran_order': 0, 'shape': ()}"), "True or False", "0, "},
        {headed("{'descr': '<f8' 'fortran_order': False, 'shape': ()}"), "must have '}'",
         "'fortran"},
        {headed("{'descr': '<f8"), "closing quote", "'<f8"},
        {headed("{'descr': '<f8', 'fortran_order': False, 'shape': ()} x"), "must have the end",
         "x"},
        {headed(""), "must have '{'", "\"\""},
        {npy_file(dict("<f8", "(1, 2)"), f8(1) + f8(std::numeric_limits<double>::quiet_NaN())),
         "finite", "[0, 1]"},
        {npy_file(dict("<f8", "(2, 2)", true), f8(1) + f8(-HUGE_VAL) + f8(1) + f8(1)), "finite",
         "[1, 0]"},
        {npy_file(dict("<f4", "(1,)"), f4(HUGE_VALF)), "finite", "[0, 0]"},
    };
    for (const auto& [bytes, rule, found] : cases)
        BOOST_TEST_CONTEXT(rule << ", " << found) {
            const std::string message = npy_refusal(bytes);
            BOOST_TEST_MESSAGE(message);
            BOOST_TEST(message.rfind("io::parse_npy: m.npy: ", 0) == 0u, message);
            BOOST_TEST(mentions(message, rule), message);
            BOOST_TEST(mentions(message, found), message);
        }
}

BOOST_AUTO_TEST_CASE(a_file_is_read_by_its_extension) {
    const support::scratch_folder folder;
    for (const char* name : {"m.csv", "m.CSV", "m.txt", "m.tsv"}) {
        write(folder.path() / name, good_csv);
        BOOST_TEST(str(read_matrix(folder.path() / name)) == csv(good_csv));
    }
    write(folder.path() / "m.npy", good_npy());
    BOOST_TEST(str(read_matrix(folder.path() / "m.npy")) == npy(good_npy()));
    for (const char* name : {"m.npz", "m", ".csv", "m.csv.gz"}) {
        write(folder.path() / name, good_csv);
        const auto message = refusal([&] { read_matrix(folder.path() / name); });
        BOOST_TEST(mentions(message, "must end in .csv, .tsv, .txt or .npy, got "), message);
    }
    write(folder.path() / "bad.csv", "1,x");
    const auto message = refusal([&] { read_matrix(folder.path() / "bad.csv"); });
    BOOST_TEST(mentions(message, (folder.path() / "bad.csv").string() + ", line 1, column 2"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_says_why) {
    const support::scratch_folder folder;
    std::filesystem::create_directory(folder.path() / "d.csv");
    std::filesystem::create_symlink("/dev/zero", folder.path() / "zero.npy");
    std::filesystem::create_symlink("none", folder.path() / "dangling.npy");
    write(folder.path() / "plain", "");
    const struct {
        const char *name, *why;
    } cases[] = {
        {"none.npy", "there is no such file"},    {"d.csv", "it is a directory"},
        {"zero.npy", "it is not a regular file"}, {"dangling.npy", "there is no such file"},
        {"plain/m.csv", "there is no such file"},
    };
    for (const auto& [name, why] : cases) {
        const std::string message = (folder.path() / name).string() + ": " + why;
        BOOST_CHECK_EXCEPTION(read_matrix(folder.path() / name), std::runtime_error,
                              [&](const auto& e) { return mentions(e.what(), message); });
    }
    write(folder.path() / "huge.npy", "");
    std::filesystem::resize_file(folder.path() / "huge.npy", io::largest_matrix_file + 1); // sparse
    BOOST_TEST(mentions(refusal([&] { read_matrix(folder.path() / "huge.npy"); }),
                        "at most 1073741824 bytes"));
}

// No oracle but this: whatever the bytes, a whole table comes back or a std::exception.
BOOST_AUTO_TEST_CASE(damaged_files_are_refused_or_read_but_never_crash) {
    const auto seed = support::seed(20250102);
    std::mt19937_64 draw(seed);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(draw() % n); };
    int refused = 0, read = 0;
    for (int trial = 0; trial < support::trials(20000); ++trial) {
        const bool text = trial % 2 == 0;
        std::string bytes = text ? good_csv : good_npy();
        for (auto edits = below(4); edits-- > 0;) {
            const auto at = below(bytes.size());
            switch (below(4)) {
            case 0:
                bytes[at] = static_cast<char>(draw());
                break;
            case 1:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
                break;
            case 2:
                bytes.insert(at, 1, bytes[below(bytes.size())]);
                break;
            default:
                bytes.erase(at, 1 + below(3));
                break;
            }
        }
        if (below(4) == 0) bytes.resize(below(bytes.size() + 1));
        try {
            const auto table = text ? parse_csv(bytes, "m") : parse_npy(bytes, "m");
            ++read;
            if (table.entries.empty() || table.entries.size() != table.rows * table.cols)
                BOOST_ERROR("seed " << seed << ", trial " << trial << ": " << table.rows << " x "
                                    << table.cols << " has " << table.entries.size() << " entries");
        } catch (const std::exception&) {
            ++refused;
        }
    }
    BOOST_TEST_MESSAGE(read << " read, " << refused << " refused");
    BOOST_TEST(read > 0);
    BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_SUITE_END()
