using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using SeqCore.Kernels;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer.Measuring;

/// <summary>Where and when something was measured: figures mean nothing without it.</summary>
internal sealed record MachineDescription(string Processor, int Threads, string Runtime, string System, string Date)
{
    /// <summary>The device that computes, now.</summary>
    internal static MachineDescription Now(Machine machine) => new(
        machine.Backend.Device.Kind == DeviceKind.Cpu ? Device.Cpu.GetInfo().Description : machine.Description,
        machine.Backend.Threads,
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));

    /// <summary>The machine without the date.</summary>
    [JsonIgnore]
    public string Words => $"{Processor}; {Threads} {(Threads == 1 ? "thread" : "threads")}; {Runtime}; {System}";
}
