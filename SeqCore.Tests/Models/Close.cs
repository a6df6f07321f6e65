namespace SeqCore.Tests.Models;

/// <summary>Compares tensors number by number.</summary>
internal static class Close
{
    internal static void ShouldBeCloseTo(this Tensor actual, Tensor expected, float tolerance, string name)
    {
        actual.Shape.ToString().Should().Be(expected.Shape.ToString(), name);
        actual.ToArray().ShouldBeCloseTo(expected.ToArray(), tolerance, name);
    }

    /// <summary>|a - e| at most tolerance (1 + |e|).</summary>
    internal static void ShouldBeCloseTo(this float[] actual, float[] expected, float tolerance, string name)
    {
        actual.Length.Should().Be(expected.Length, name);
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance * (1 + Math.Abs(expected[i])),
                $"{name}[{i}]: {actual[i]:R} is not {expected[i]:R} within {tolerance}.");
        }
    }
}
