#include <Random123/philox.h>
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>
#include <vector>

#include "numerics/random/philox.hpp"

using namespace flowproof::random;

namespace {
using counter = std::array<std::uint32_t, 4>;
using key = std::array<std::uint32_t, 2>;
} // namespace

BOOST_AUTO_TEST_SUITE(philox_test)

// Published vectors: file kat_vectors of the Random123 distribution, lines "philox4x32 10".
BOOST_AUTO_TEST_CASE(the_published_known_answers_hold) {
    static_assert(philox4x32_10(counter{}, key{}) ==
                  counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    static_assert(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
                  counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    static_assert(
        philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

BOOST_AUTO_TEST_CASE(it_equals_the_random123_library_on_chained_inputs) {
    counter c{1, 2, 3, 4};
    key k{5, 6};
    for (int trial = 0; trial < 10000; ++trial) {
        const auto ours = philox4x32_10(c, k);
        const philox4x32_ctr_t theirs_counter = {{c[0], c[1], c[2], c[3]}};
        const philox4x32_key_t theirs_key = {{k[0], k[1]}};
        const philox4x32_ctr_t theirs = philox4x32(theirs_counter, theirs_key); // a macro
        BOOST_REQUIRE_MESSAGE((ours == counter{theirs.v[0], theirs.v[1], theirs.v[2], theirs.v[3]}),
                              "trial " << trial << ", counter " << c[0] << ' ' << c[1] << ' '
                                       << c[2] << ' ' << c[3] << ", key " << k[0] << ' ' << k[1]);
        k = {ours[3], c[0]};
        c = ours;
    }
}

BOOST_AUTO_TEST_CASE(a_stream_counts_blocks_under_its_names_and_takes_the_seed_as_key) {
    stream bits(0x299f31d0a4093822, 0x03707344, 0x13198a2e, 0x85a308d3, 0x243f6a88);
    for (const std::uint32_t word : {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u})
        BOOST_TEST(bits.next() == word);
    const auto second =
        philox4x32_10({0x243f6a89, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
    for (const std::uint32_t word : second)
        BOOST_TEST(bits.next() == word);
}

BOOST_AUTO_TEST_CASE(two_words_join_with_the_first_one_low) {
    stream words(7), pairs(7);
    for (int i = 0; i < 10; ++i) {
        const std::uint64_t low = words.next(), high = words.next();
        BOOST_TEST(pairs.next64() == (high << 32 | low));
    }
    words.next(); // odd offsets too
    pairs.next();
    const std::uint64_t low = words.next(), high = words.next();
    BOOST_TEST(pairs.next64() == (high << 32 | low));
}

BOOST_AUTO_TEST_CASE(a_copy_continues_with_the_same_words_and_independently) {
    stream original(1, 2, 3, 4);
    original.next();
    stream copy = original;
    std::vector<std::uint32_t> expected;
    for (int i = 0; i < 9; ++i)
        expected.push_back(original.next());
    for (const std::uint32_t word : expected)
        BOOST_TEST(copy.next() == word);
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_any_part_give_different_words) {
    std::set<std::uint64_t> seen;
    int streams = 0;
    for (const std::uint64_t seed : {0ull, 1ull, 1ull << 32})
        for (std::uint32_t id = 0; id < 3; ++id)
            for (std::uint32_t trajectory = 0; trajectory < 3; ++trajectory)
                for (std::uint32_t step = 0; step < 3; ++step) {
                    seen.insert(stream(seed, id, trajectory, step).next64());
                    ++streams;
                }
    BOOST_TEST(seen.size() == static_cast<std::size_t>(streams)); // chance of a clash: 2^-51
}

BOOST_AUTO_TEST_CASE(words_do_not_depend_on_order_or_threads) {
    constexpr std::size_t trajectories = 40, steps = 25;
    const auto word = [](std::size_t i) {
        stream bits(20240611, 5, static_cast<std::uint32_t>(i / steps),
                    static_cast<std::uint32_t>(i % steps));
        for (int skip = 0; skip < 5; ++skip)
            bits.next();
        return bits.next64();
    };
    std::vector<std::uint64_t> forwards(trajectories * steps);
    for (std::size_t i = 0; i < forwards.size(); ++i)
        forwards[i] = word(i);
    for (const std::size_t threads : {1u, 2u, 5u}) {
        std::vector<std::uint64_t> values(forwards.size());
        std::vector<std::thread> pool;
        for (std::size_t t = 0; t < threads; ++t)
            pool.emplace_back([&, t] {
                for (std::size_t i = t; i < values.size(); i += threads) // from the end
                    values[values.size() - 1 - i] = word(values.size() - 1 - i);
            });
        for (auto& thread : pool)
            thread.join();
        BOOST_TEST((values == forwards), "threads = " << threads);
    }
}

BOOST_AUTO_TEST_CASE(the_last_block_is_used_and_then_the_stream_refuses) {
    stream bits(9, 0, 0, 0, ~0u);
    const auto last = philox4x32_10({~0u, 0, 0, 0}, {9, 0});
    for (const std::uint32_t word : last)
        BOOST_TEST(bits.next() == word);
    BOOST_CHECK_EXCEPTION(bits.next(), std::length_error, [](const std::length_error& e) {
        return std::string(e.what()).find("2^32 blocks") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
