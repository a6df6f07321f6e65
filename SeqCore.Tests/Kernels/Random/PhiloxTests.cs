using SeqCore.Kernels;
using SeqCore.Kernels.Random;

namespace SeqCore.Tests.Kernels.RandomFill;

public unsafe class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, new[] { 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u })]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, new[] { 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu })]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u,
        new[] { 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u })]
    public void Block_gives_the_published_answers(uint x0, uint x1, uint x2, uint x3, uint k0, uint k1, uint[] expected)
    {
        var words = new uint[4];
        fixed (uint* w = words)
            Philox.Block(x0, x1, x2, x3, k0, k1, w);
        words.Should().Equal(expected);
    }

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(0x299f31d0a4093822UL, 0xfffffffaUL)]
    [InlineData(ulong.MaxValue, ulong.MaxValue - 3)]
    public void Every_width_gives_the_definition_bit_for_bit(ulong seed, ulong counter)
    {
        for (var blocks = 0; blocks < 35; blocks++)
        {
            var words = new uint[4 * blocks + 1];
            fixed (uint* w = words)
                Philox.Fill(seed, counter, w, blocks);
            var expected = words[..^1].Select(Philox.ToUniform).ToArray();
            Fill<LaneScalar>(seed, counter, blocks).Should().Equal(expected);
            Fill<Lane128>(seed, counter, blocks).Should().Equal(expected);
            Fill<Lane256>(seed, counter, blocks).Should().Equal(expected);
            Fill<Lane512>(seed, counter, blocks).Should().Equal(expected);
        }
    }

    private static float[] Fill<T>(ulong seed, ulong counter, int blocks) where T : struct, IVectorLane<T>
    {
        var uniform = new float[4 * blocks + 1];
        fixed (float* u = uniform)
            Philox.FillUniform<T>(seed, counter, u, blocks);
        return uniform[..^1];
    }
}
