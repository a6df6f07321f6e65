using System.Globalization;
using System.Text.RegularExpressions;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// The text of one kernel, read: its instructions as delegates over a thread, its memory, its registers as slots.
/// </summary>
internal sealed partial class PtxKernel
{
    private readonly Dictionary<string, int> slots = [];
    private readonly List<ulong> initial = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly Dictionary<string, (int Offset, bool IsShared)> symbols = [];
    private readonly List<string> externalShared = [];

    internal PtxKernel(string text)
    {
        var entry = text[text.IndexOf(".visible .entry", StringComparison.Ordinal)..];
        ParameterBytes = int.Parse(Parameter().Match(entry).Groups["bytes"].Value, CultureInfo.InvariantCulture);
        ReadExternalShared(text);
        var lines = entry[(entry.IndexOf('{') + 1)..].Split('\n').Select(l => l.Split("//")[0].Trim())
            .Where(l => l.Length > 0 && l != "}").ToList();
        var instructions = new List<string>();
        foreach (var line in lines)
        {
            if (line.EndsWith(':'))
                labels[line[..^1]] = instructions.Count;
            else if (line.StartsWith('.'))
                Declare(line);
            else
                instructions.Add(line.TrimEnd(';'));
        }

        Code = [.. instructions.Select(Compile), static t => t.State = ThreadState.Done];
        Texts = [.. instructions, "ret"];
        Initial = [.. initial];
    }

    internal Action<PtxThread>[] Code { get; }

    /// <summary>The instructions as they were written.</summary>
    internal string[] Texts { get; }

    /// <summary>What the registers hold when a thread starts: the constants in their slots.</summary>
    internal ulong[] Initial { get; }

    internal int ParameterBytes { get; }

    internal int SharedBytes { get; private set; }

    internal int LocalBytes { get; private set; }

    internal void SetSpecial(ulong[] registers, string name, int value)
    {
        if (slots.TryGetValue(name, out var slot))
            registers[slot] = (ulong)value;
    }

    /// <summary>The slot of an operand: a register, a constant, or a symbol's address.</summary>
    internal int Slot(string operand)
    {
        operand = operand.Trim();
        if (slots.TryGetValue(operand, out var slot))
            return slot;
        slots[operand] = initial.Count;
        initial.Add(operand.StartsWith('%') ? 0 : Constant(operand));
        return initial.Count - 1;
    }

    internal int Label(string name) =>
        labels.TryGetValue(name.Trim(), out var at) ? at : throw new FormatException($"No label {name}.");

    /// <summary>A memory operand [base + offset]: the base's slot, or -1 with the whole offset for a parameter.</summary>
    internal (int Slot, int Offset) Address(string operand)
    {
        var inside = operand.Trim().TrimStart('[').TrimEnd(']');
        var parts = inside.Split('+');
        var offset = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var name = parts[0].Trim();
        if (name.StartsWith("_kernel", StringComparison.Ordinal))
            return (-1, offset);
        return (Slot(name), offset);
    }

    private ulong Constant(string text)
    {
        if (symbols.TryGetValue(text, out var symbol))
            return (ulong)symbol.Offset;
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
            return uint.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (text.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
            return ulong.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.Parse(text[2..].TrimEnd('U'), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return long.TryParse(text, CultureInfo.InvariantCulture, out var whole)
            ? (ulong)whole
            : ulong.Parse(text, CultureInfo.InvariantCulture);
    }

    private void ReadExternalShared(string text)
    {
        foreach (Match match in External().Matches(text))
        {
            externalShared.Add(match.Groups["name"].Value);
            symbols[match.Groups["name"].Value] = (0, true);
        }
    }

    private void Declare(string line)
    {
        var match = Memory().Match(line);
        if (!match.Success)
            return;
        var align = int.Parse(match.Groups["align"].Value, CultureInfo.InvariantCulture);
        var bytes = int.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture);
        var isShared = match.Groups["space"].Value == "shared";
        var start = ((isShared ? SharedBytes : LocalBytes) + align - 1) / align * align;
        symbols[match.Groups["name"].Value] = (start, isShared);
        if (isShared)
            SharedBytes = start + bytes;
        else
            LocalBytes = start + bytes;

        // Memory of a size known at launch only comes after the rest.
        foreach (var name in externalShared)
            symbols[name] = ((SharedBytes + 15) / 16 * 16, true);
    }

    private Action<PtxThread> Compile(string line)
    {
        var guard = Guard().Match(line);
        if (!guard.Success)
            return PtxInstructions.Compile(this, line);
        var body = PtxInstructions.Compile(this, line[guard.Length..]);
        var predicate = Slot(guard.Groups["predicate"].Value);
        var wanted = guard.Groups["not"].Length > 0 ? 0u : 1u;
        return t =>
        {
            if (t.Registers[predicate] == wanted)
                body(t);
        };
    }

    [GeneratedRegex(@"\.param \.align \d+ \.b8 \w+\[(?<bytes>\d+)\]")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.extern \.shared \.align \d+ \.b8 (?<name>\w+)\[\]")]
    private static partial Regex External();

    [GeneratedRegex(@"\.(?<space>shared|local) \.align (?<align>\d+) \.b8 (?<name>\w+)\[(?<bytes>\d+)\]")]
    private static partial Regex Memory();

    [GeneratedRegex(@"^@(?<not>!?)(?<predicate>%p\d+)\s+")]
    private static partial Regex Guard();
}
