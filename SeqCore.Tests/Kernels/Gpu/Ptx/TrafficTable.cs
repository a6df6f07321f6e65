using System.Globalization;
using System.Text;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// The traffic of all kernels launched while it is current. SEQCORE_TEST_TRAFFIC=FILE counts it from the start, which takes
/// several times as long, and writes it to that file when the tests end.
/// </summary>
internal sealed class TrafficTable
{
    private readonly Dictionary<string, KernelTraffic> kernels = [];

    /// <summary>Where launches are counted; null: nowhere.</summary>
    internal static TrafficTable? Current { get; private set; } = FromEnvironment();

    internal IEnumerable<KernelTraffic> Kernels => kernels.Values;

    /// <summary>The traffic of the kernels that an action launches on the <see cref="PtxMachine"/>.</summary>
    internal static TrafficTable Of(Action action)
    {
        var (before, table) = (Current, new TrafficTable());
        try
        {
            Current = table;
            action();
        }
        finally
        {
            Current = before;
        }

        return table;
    }

    /// <summary>Where to count a kernel's launches; those of one name are added up.</summary>
    internal KernelTraffic Of(Type type, PtxKernel kernel)
    {
        var name = Name(type);
        return kernels.TryGetValue(name, out var traffic) ? traffic : kernels[name] = new KernelTraffic(name, kernel.Texts);
    }

    /// <summary>A line for each kernel, and below it one for each instruction whose accesses take more than the least.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var kernel in Kernels.OrderByDescending(k => k.Executed))
        {
            MemoryTraffic shared = kernel.Shared, global = kernel.Global;
            text.AppendLine(CultureInfo.InvariantCulture, $"{kernel.Name}: {kernel.Launches} launches,"
                + $" {kernel.Executed} instructions of warps: fma {kernel.Count("fma", "mad.rn.f32")}, mma {kernel.Count("mma")},"
                + $" barriers {kernel.Count("bar")}, shared {shared.Accesses}, global {global.Accesses}");
            text.AppendLine(CultureInfo.InvariantCulture, $"    shared: {shared.Served} cycles, {shared.Excess:f2} of the least;"
                + $" global: {global.Served} sectors, {global.Excess:f2} of the least, {global.BytesPerLane:f1} bytes a lane;"
                + $" read {kernel.Sectors.Read} sectors ({kernel.DifferentSectors.Read} different),"
                + $" wrote {kernel.Sectors.Written} ({kernel.DifferentSectors.Written})");
            foreach (var instruction in kernel.Instructions)
            {
                Append(text, instruction, instruction.Shared, "cycles");
                Append(text, instruction, instruction.Global, "sectors");
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, InstructionTraffic instruction, MemoryTraffic traffic, string unit)
    {
        if (traffic.Excess > 1)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {instruction.Text.Replace('\t', ' ')}: {traffic.Accesses}"
                + $" accesses, {traffic.Served} {unit}, {traffic.Excess:f2} of the least");
        }
    }

    private static TrafficTable? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("SEQCORE_TEST_TRAFFIC") is not { Length: > 0 } file)
            return null;
        var table = new TrafficTable();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.WriteAllText(file, table.ToString());
        return table;
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
