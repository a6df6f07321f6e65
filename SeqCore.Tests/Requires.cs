using SeqCore.Kernels;

namespace SeqCore.Tests;

/// <summary>What a test needs of the device that the suite runs on; without it the test is skipped and says why.</summary>
internal static class Requires
{
    /// <summary>Skips the test where <see cref="TestDevice"/> chose a GPU.</summary>
    /// <param name="reason">What the test is about that only the CPU has.</param>
    internal static void Cpu(string reason)
    {
        if (Backend.Default.Device.Kind != DeviceKind.Cpu)
            Assert.Skip($"{reason}; the tests run on {Backend.Default.Device}.");
    }
}
