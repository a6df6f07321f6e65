using System.Numerics;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>Turns a line of PTX into a delegate; an instruction that is not known here is an error.</summary>
internal static class PtxInstructions
{
    internal static Action<PtxThread> Compile(PtxKernel kernel, string line)
    {
        var end = line.IndexOfAny([' ', '\t']);
        var name = end < 0 ? line : line[..end];
        var operands = end < 0 ? [] : Split(line[end..]);
        var parts = name.Split('.');
        var type = parts[^1];
        return parts[0] switch
        {
            "ret" or "exit" => static t => t.State = ThreadState.Done,
            "bra" => Branch(kernel.Label(operands[0])),
            "bar" when parts[1] == "warp" => WholeWarp(static _ => { }),
            "bar" or "barrier" when parts.Contains("red") => Ask(parts, kernel.Slot(operands[0]), kernel.Slot(operands[2])),
            "bar" or "barrier" => static t => t.State = ThreadState.AtBarrier,
            "membar" or "fence" => static t => t.State = ThreadState.Running,
            "shfl" or "mma" => WholeWarp(PtxWarpInstructions.Compile(kernel, parts, operands)),
            "ld" or "st" or "atom" or "red" or "cp" => PtxMemory.Compile(kernel, parts, operands),
            "cvta" => AddressOf(parts, kernel.Slot(operands[0]), kernel.Slot(operands[1])),
            "mov" when operands.Any(o => o.StartsWith('{')) => Pack(kernel, operands),
            "mov" => Unary(kernel, operands, static x => x),
            "cvt" => Convert(parts, kernel.Slot(operands[0]), kernel.Slot(operands[1])),
            "setp" => Compare(parts[1], type, kernel.Slot(operands[0]), kernel.Slot(operands[1]), kernel.Slot(operands[2])),
            "testp" => Test(parts, kernel.Slot(operands[0]), kernel.Slot(operands[1])),
            "selp" => Select(kernel, operands),
            _ => type switch
            {
                "f32" => Float(kernel, parts, operands),
                "f64" => Double(kernel, parts, operands),
                "s32" or "s16" => Whole<int>(kernel, parts, operands, static v => (int)v, static v => (uint)v),
                "u32" or "b32" or "u16" or "b16" or "pred" =>
                    Whole<uint>(kernel, parts, operands, static v => (uint)v, static v => v, type == "pred" ? 1u : uint.MaxValue),
                "s64" => Whole<long>(kernel, parts, operands, static v => (long)v, static v => (ulong)v),
                "u64" or "b64" => Whole<ulong>(kernel, parts, operands, static v => v, static v => v),
                _ => throw Unknown(line),
            },
        };
    }

    // bar.red.or.pred d, barrier, p: a barrier after which every thread knows whether p holds for one of them.
    private static Action<PtxThread> Ask(string[] parts, int d, int p)
    {
        if (!parts.Contains("or") || parts[^1] != "pred")
            throw Unknown(string.Join('.', parts));
        return t =>
        {
            t.State = ThreadState.AtBarrier;
            t.Asks = (d, t.Registers[p] != 0);
        };
    }

    /// <summary>Operands between commas, those in braces kept together.</summary>
    internal static List<string> Split(string text)
    {
        var result = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                result.Add(text[start..i].Trim());
                start = i + 1;
            }
            else if (text[i] is '{' or '[')
            {
                depth++;
            }
            else if (text[i] is '}' or ']')
            {
                depth--;
            }
        }

        return result;
    }

    internal static NotSupportedException Unknown(string what) => new($"The machine does not know '{what}'.");

    private static Action<PtxThread> WholeWarp(Action<PtxThread[]> action) => t =>
    {
        t.State = ThreadState.AtWarp;
        t.OfWarp = action;
    };

    private static Action<PtxThread> Branch(int to) => t => t.Next = to;

    private static Action<PtxThread> Unary(PtxKernel kernel, List<string> operands, Func<ulong, ulong> f)
    {
        int d = kernel.Slot(operands[0]), x = kernel.Slot(operands[1]);
        return t => t.Registers[d] = f(t.Registers[x]);
    }

    private static Action<PtxThread> Select(PtxKernel kernel, List<string> operands)
    {
        int d = kernel.Slot(operands[0]), x = kernel.Slot(operands[1]), y = kernel.Slot(operands[2]),
            p = kernel.Slot(operands[3]);
        return t => t.Registers[d] = t.Registers[t.Registers[p] != 0 ? x : y];
    }

    // mov.b64 %rd, {%r1, %r2} and the other way round.
    private static Action<PtxThread> Pack(PtxKernel kernel, List<string> operands)
    {
        var packs = operands[1].StartsWith('{');
        var halves = operands[packs ? 1 : 0].Trim('{', '}').Split(',').Select(kernel.Slot).ToArray();
        var whole = kernel.Slot(operands[packs ? 0 : 1]);
        return packs
            ? t => t.Registers[whole] = (t.Registers[halves[0]] & uint.MaxValue) | (t.Registers[halves[1]] << 32)
            : t => (t.Registers[halves[0]], t.Registers[halves[1]]) =
                (t.Registers[whole] & uint.MaxValue, t.Registers[whole] >> 32);
    }

    private static unsafe Action<PtxThread> AddressOf(string[] parts, int d, int x)
    {
        var toSpace = parts[1] == "to";
        return parts[toSpace ? 2 : 1] switch
        {
            "global" => t => t.Registers[d] = t.Registers[x],
            "shared" when toSpace => t => t.Registers[d] = t.Registers[x] - (ulong)t.Group.Shared,
            "shared" => t => t.Registers[d] = t.Registers[x] + (ulong)t.Group.Shared,
            var space => throw Unknown($"cvta of {space}"),
        };
    }

    private static Action<PtxThread> Compare(string comparison, string type, int d, int x, int y) => type switch
    {
        "f32" => CompareFloats(comparison, d, t => t.Float(x), t => t.Float(y)),
        "f64" => CompareFloats(comparison, d, t => t.Double(x), t => t.Double(y)),
        "s32" or "s16" => Order(comparison, d, t => ((int)t.Registers[x]).CompareTo((int)t.Registers[y])),
        "u32" or "b32" or "u16" or "b16" => Order(comparison, d, t => ((uint)t.Registers[x]).CompareTo((uint)t.Registers[y])),
        "s64" => Order(comparison, d, t => ((long)t.Registers[x]).CompareTo((long)t.Registers[y])),
        "u64" or "b64" => Order(comparison, d, t => t.Registers[x].CompareTo(t.Registers[y])),
        _ => throw Unknown($"setp of {type}"),
    };

    private static Action<PtxThread> Order(string comparison, int d, Func<PtxThread, int> order) => comparison switch
    {
        "eq" => t => t.Set(d, order(t) == 0),
        "ne" => t => t.Set(d, order(t) != 0),
        "lt" or "lo" => t => t.Set(d, order(t) < 0),
        "le" or "ls" => t => t.Set(d, order(t) <= 0),
        "gt" or "hi" => t => t.Set(d, order(t) > 0),
        "ge" or "hs" => t => t.Set(d, order(t) >= 0),
        _ => throw Unknown($"setp.{comparison}"),
    };

    // A comparison that ends in u is also true where either is NaN.
    private static Action<PtxThread> CompareFloats(string comparison, int d, Func<PtxThread, double> x, Func<PtxThread, double> y)
    {
        var orNan = comparison.Length == 3 && comparison[2] == 'u';
        Func<double, double, bool> holds = comparison[..Math.Min(2, comparison.Length)] switch
        {
            "eq" => static (a, b) => a == b,
            "ne" => static (a, b) => a < b || a > b,
            "lt" => static (a, b) => a < b,
            "le" => static (a, b) => a <= b,
            "gt" => static (a, b) => a > b,
            "ge" => static (a, b) => a >= b,
            "na" => static (a, b) => double.IsNaN(a) || double.IsNaN(b),
            "nu" => static (a, b) => !double.IsNaN(a) && !double.IsNaN(b),
            _ => throw Unknown($"setp.{comparison}"),
        };
        return t =>
        {
            double a = x(t), b = y(t);
            t.Set(d, holds(a, b) || (orNan && (double.IsNaN(a) || double.IsNaN(b))));
        };
    }

    private static Action<PtxThread> Test(string[] parts, int d, int x)
    {
        Func<PtxThread, double> read = parts[^1] == "f64" ? t => t.Double(x) : t => t.Float(x);
        return parts[1] switch
        {
            "notanumber" => t => t.Set(d, double.IsNaN(read(t))),
            "number" => t => t.Set(d, !double.IsNaN(read(t))),
            "infinite" => t => t.Set(d, double.IsInfinity(read(t))),
            "finite" => t => t.Set(d, double.IsFinite(read(t))),
            _ => throw Unknown(string.Join('.', parts)),
        };
    }

    private static Action<PtxThread> Convert(string[] parts, int d, int x)
    {
        string to = parts[^2], from = parts[^1], rounding = parts.Length > 3 ? parts[1] : "";
        if (to == "tf32")
            return t => t.Registers[d] = ((uint)t.Registers[x] + 0x1000) & 0xffffe000;
        Func<PtxThread, double> read = from switch
        {
            "f32" => t => t.Float(x),
            "f64" => t => t.Double(x),
            _ => null!,
        };
        if (read is null)
        {
            Func<ulong, long> extend = from switch
            {
                "s8" => static v => (sbyte)v,
                "s16" => static v => (short)v,
                "s32" => static v => (int)v,
                "u8" => static v => (byte)v,
                "u16" => static v => (ushort)v,
                "u32" => static v => (uint)v,
                "s64" or "u64" => static v => (long)v,
                _ => throw Unknown($"cvt from {from}"),
            };
            return to switch
            {
                "f32" when from == "u64" => t => t.Set(d, (float)t.Registers[x]),
                "f64" when from == "u64" => t => t.Set(d, (double)t.Registers[x]),
                "f32" => t => t.Set(d, (float)extend(t.Registers[x])),
                "f64" => t => t.Set(d, (double)extend(t.Registers[x])),
                _ => t => t.Registers[d] = Narrow(to, extend(t.Registers[x])),
            };
        }

        Func<double, double> round = rounding switch
        {
            "rni" => static v => Math.Round(v),
            "rzi" or "rz" => Math.Truncate,
            "rmi" => Math.Floor,
            "rpi" => Math.Ceiling,
            _ => static v => v,
        };
        return to switch
        {
            "f32" => t => t.Set(d, (float)round(read(t))),
            "f64" => t => t.Set(d, round(read(t))),
            "u64" => t => t.Registers[d] = (ulong)round(read(t)),
            "u32" => t => t.Registers[d] = (uint)round(read(t)),
            _ => t => t.Registers[d] = Narrow(to,
                to.EndsWith("64", StringComparison.Ordinal) ? (long)round(read(t)) : (int)round(read(t))),
        };
    }

    private static ulong Narrow(string type, long value) => type switch
    {
        "s64" or "u64" or "b64" => (ulong)value,
        "s32" or "u32" or "b32" => (uint)value,
        "s16" => (uint)(short)value,
        "u16" or "b16" => (ushort)value,
        "s8" => (uint)(sbyte)value,
        "u8" => (byte)value,
        _ => throw Unknown($"cvt to {type}"),
    };

    private static Action<PtxThread> Float(PtxKernel kernel, string[] parts, List<string> operands)
    {
        int d = kernel.Slot(operands[0]), x = kernel.Slot(operands[1]);
        var y = operands.Count > 2 ? kernel.Slot(operands[2]) : 0;
        var z = operands.Count > 3 ? kernel.Slot(operands[3]) : 0;
        return parts[0] switch
        {
            "add" => t => t.Set(d, t.Float(x) + t.Float(y)),
            "sub" => t => t.Set(d, t.Float(x) - t.Float(y)),
            "mul" => t => t.Set(d, t.Float(x) * t.Float(y)),
            "div" => t => t.Set(d, t.Float(x) / t.Float(y)),
            "fma" or "mad" => t => t.Set(d, MathF.FusedMultiplyAdd(t.Float(x), t.Float(y), t.Float(z))),
            "min" => t => t.Set(d, float.MinNumber(t.Float(x), t.Float(y))),
            "max" => t => t.Set(d, float.MaxNumber(t.Float(x), t.Float(y))),
            "neg" => t => t.Set(d, -t.Float(x)),
            "abs" => t => t.Set(d, MathF.Abs(t.Float(x))),
            "sqrt" => t => t.Set(d, MathF.Sqrt(t.Float(x))),
            "rsqrt" => t => t.Set(d, 1f / MathF.Sqrt(t.Float(x))),
            "rcp" => t => t.Set(d, 1f / t.Float(x)),
            "ex2" when parts.Contains("ftz") => t => t.Set(d, Flushed((float)Math.Pow(2, t.Float(x)))),
            "ex2" => t => t.Set(d, (float)Math.Pow(2, t.Float(x))),
            "lg2" => t => t.Set(d, MathF.Log2(t.Float(x))),
            "sin" => t => t.Set(d, MathF.Sin(t.Float(x))),
            "cos" => t => t.Set(d, MathF.Cos(t.Float(x))),
            "tanh" => t => t.Set(d, MathF.Tanh(t.Float(x))),
            "testp" when parts[1] == "notanumber" => t => t.Set(d, float.IsNaN(t.Float(x))),
            "testp" when parts[1] == "infinite" => t => t.Set(d, float.IsInfinity(t.Float(x))),
            "testp" when parts[1] == "finite" => t => t.Set(d, float.IsFinite(t.Float(x))),
            _ => throw Unknown(string.Join('.', parts)),
        };
    }

    private static float Flushed(float value) => float.IsSubnormal(value) ? 0f : value;

    private static Action<PtxThread> Double(PtxKernel kernel, string[] parts, List<string> operands)
    {
        int d = kernel.Slot(operands[0]), x = kernel.Slot(operands[1]);
        var y = operands.Count > 2 ? kernel.Slot(operands[2]) : 0;
        var z = operands.Count > 3 ? kernel.Slot(operands[3]) : 0;
        return parts[0] switch
        {
            "add" => t => t.Set(d, t.Double(x) + t.Double(y)),
            "sub" => t => t.Set(d, t.Double(x) - t.Double(y)),
            "mul" => t => t.Set(d, t.Double(x) * t.Double(y)),
            "div" => t => t.Set(d, t.Double(x) / t.Double(y)),
            "fma" or "mad" => t => t.Set(d, Math.FusedMultiplyAdd(t.Double(x), t.Double(y), t.Double(z))),
            "min" => t => t.Set(d, double.MinNumber(t.Double(x), t.Double(y))),
            "max" => t => t.Set(d, double.MaxNumber(t.Double(x), t.Double(y))),
            "neg" => t => t.Set(d, -t.Double(x)),
            "abs" => t => t.Set(d, Math.Abs(t.Double(x))),
            "sqrt" => t => t.Set(d, Math.Sqrt(t.Double(x))),
            "rcp" => t => t.Set(d, 1 / t.Double(x)),
            _ => throw Unknown(string.Join('.', parts)),
        };
    }

    private static Action<PtxThread> Whole<T>(PtxKernel kernel, string[] parts, List<string> operands, Func<ulong, T> read,
        Func<T, ulong> write, ulong mask = ulong.MaxValue)
        where T : struct, IBinaryInteger<T>
    {
        int d = kernel.Slot(operands[0]), x = kernel.Slot(operands[1]);
        var y = operands.Count > 2 ? kernel.Slot(operands[2]) : x;
        var z = operands.Count > 3 ? kernel.Slot(operands[3]) : x;
        var bits = (int)ulong.Min(64, (ulong)T.Zero.GetByteCount() * 8);
        Action<PtxThread> Of(Func<T, T, T> f) =>
            t => t.Registers[d] = write(f(read(t.Registers[x]), read(t.Registers[y]))) & mask;
        return parts[0] switch
        {
            "add" => Of(static (a, b) => unchecked(a + b)),
            "sub" => Of(static (a, b) => unchecked(a - b)),
            "mul" when parts[1] == "wide" => t => t.Registers[d] = ulong.CreateTruncating(
                Int128.CreateTruncating(read(t.Registers[x])) * Int128.CreateTruncating(read(t.Registers[y]))),
            "mul" when parts[1] == "hi" => t => t.Registers[d] = write(T.CreateTruncating(
                (Int128.CreateTruncating(read(t.Registers[x])) * Int128.CreateTruncating(read(t.Registers[y]))) >> bits)),
            "mul" => Of(static (a, b) => unchecked(a * b)),
            "mad" when parts[1] == "wide" => t => t.Registers[d] = t.Registers[z] + ulong.CreateTruncating(
                Int128.CreateTruncating(read(t.Registers[x])) * Int128.CreateTruncating(read(t.Registers[y]))),
            "mad" => t => t.Registers[d] = write(unchecked((read(t.Registers[x]) * read(t.Registers[y])) + read(t.Registers[z]))),
            "div" => Of(static (a, b) => a / b),
            "rem" => Of(static (a, b) => a % b),
            "min" => Of(T.Min),
            "max" => Of(T.Max),
            "neg" => Of(static (a, _) => unchecked(-a)),
            "abs" => Of(static (a, _) => T.Abs(a)),
            "and" => Of(static (a, b) => a & b),
            "or" => Of(static (a, b) => a | b),
            "xor" => Of(static (a, b) => a ^ b),
            "not" => Of(static (a, _) => ~a),
            "popc" => Of(static (a, _) => T.PopCount(a)),
            "clz" => Of(static (a, _) => T.LeadingZeroCount(a)),
            "shl" =>
                t => t.Registers[d] = (uint)t.Registers[y] >= (uint)bits ? 0 : write(read(t.Registers[x]) << (int)t.Registers[y]),
            "shr" => t => t.Registers[d] = write(read(t.Registers[x]) >> (int)Math.Min((uint)t.Registers[y], (uint)bits - 1)
                >> ((uint)t.Registers[y] >= (uint)bits ? 1 : 0)),
            _ => throw Unknown(string.Join('.', parts)),
        };
    }
}
