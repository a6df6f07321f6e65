using SeqCore;
using SeqCore.Kernels;

namespace Outside;

/// <summary>The devices that the examples run on: the CPU, and the first GPU that can be used.</summary>
internal static class Gpu
{
    internal static TheoryData<string> Devices => ["cpu", "gpu"];

    /// <summary>The backend of a device; where there is no GPU, the test that asks for one is skipped and says why.</summary>
    internal static Backend Backend(string device)
    {
        if (device == "cpu")
            return Device.Cpu.SharedBackend;
        var gpus = Device.List().Where(d => d.Device.Kind != DeviceKind.Cpu).ToList();
        var usable = gpus.Find(d => d.UnusableReason is null);
        Assert.SkipWhen(usable is null, "No GPU: " + string.Join(" ", gpus.Select(d => $"{d.Device}: {d.UnusableReason}")));
        return usable!.Device.SharedBackend;
    }
}
