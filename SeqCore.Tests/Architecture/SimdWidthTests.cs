using System.Globalization;
using System.Runtime.Intrinsics;
using SeqCore.Kernels;

namespace SeqCore.Tests.Architecture;

public class SimdWidthTests
{
    /// <summary>
    /// The runs with SIMD switched off name the width that they should leave; any other run has the machine's widest.
    /// </summary>
    [Fact]
    public void Vectors_have_the_width_that_the_run_requires()
    {
        var widest = Vector512.IsHardwareAccelerated
            ? 16
            : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;
        var asked = Environment.GetEnvironmentVariable("SEQCORE_EXPECT_WIDTH");
        Simd.Width.Should().Be(asked is null ? widest : int.Parse(asked, CultureInfo.InvariantCulture));
    }
}
