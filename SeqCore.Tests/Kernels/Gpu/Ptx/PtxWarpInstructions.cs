namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>Instructions that the threads of a warp run together.</summary>
internal static class PtxWarpInstructions
{
    internal static Action<PtxThread[]> Compile(PtxKernel kernel, string[] parts, List<string> operands) => parts[0] switch
    {
        "shfl" => Shuffle(kernel, parts[2], operands),
        "mma" when parts.Contains("m16n8k8") && parts[^2] == "tf32" => MultiplyTf32(kernel, operands),
        _ => throw PtxInstructions.Unknown(string.Join('.', parts)),
    };

    // shfl.sync.MODE.b32 d, a, b, c, membermask: c holds the clamp in its low five bits and the segment's mask above.
    private static Action<PtxThread[]> Shuffle(PtxKernel kernel, string mode, List<string> operands)
    {
        int d = kernel.Slot(operands[0].Split('|')[0]), a = kernel.Slot(operands[1]), b = kernel.Slot(operands[2]),
            c = kernel.Slot(operands[3]);
        return warp => Shuffle(mode, d, a, b, c, warp);
    }

    private static void Shuffle(string mode, int d, int a, int b, int c, PtxThread[] warp)
    {
        var values = Array.ConvertAll(warp, t => t.Registers[a]);
        for (var lane = 0; lane < warp.Length; lane++)
        {
            var thread = warp[lane];
            int by = (int)thread.Registers[b] & 31, control = (int)thread.Registers[c];
            int clamp = control & 31, segment = (control >> 8) & 31;
            var most = (lane & segment) | (clamp & ~segment);
            var least = lane & segment;
            var from = mode switch
            {
                "bfly" => lane ^ by,
                "idx" => least | (by & ~segment),
                "up" => lane - by,
                "down" => lane + by,
                _ => throw PtxInstructions.Unknown($"shfl.{mode}"),
            };
            var inside = mode == "up" ? from >= most : from <= most;
            thread.Registers[d] = values[inside ? from : lane];
        }
    }

    // PTX ISA, "Matrix Fragments for mma.m16n8k8": with g = lane / 4 and m = lane mod 4, A holds rows g and g + 8 of columns m
    // and m + 4, B rows m and m + 4 of column g, and C and D rows g and g + 8 of columns 2m and 2m + 1.
    private static Action<PtxThread[]> MultiplyTf32(PtxKernel kernel, List<string> operands)
    {
        int[] Slots(int operand) => [.. operands[operand].Trim('{', '}').Split(',').Select(kernel.Slot)];
        int[] d = Slots(0), a = Slots(1), b = Slots(2), c = Slots(3);
        return warp => MultiplyTf32(d, a, b, c, warp);
    }

    private static void MultiplyTf32(int[] d, int[] a, int[] b, int[] c, PtxThread[] warp)
    {
        var left = new float[16, 8];
        var right = new float[8, 8];
        for (var lane = 0; lane < warp.Length; lane++)
        {
            int g = lane / 4, m = lane % 4;
            for (var i = 0; i < 4; i++)
                left[g + (8 * (i & 1)), m + (4 * (i >> 1))] = Tf32(warp[lane].Float(a[i]));
            for (var i = 0; i < 2; i++)
                right[m + (4 * i), g] = Tf32(warp[lane].Float(b[i]));
        }

        for (var lane = 0; lane < warp.Length; lane++)
        {
            int g = lane / 4, m = lane % 4;
            var results = new float[4];
            for (var i = 0; i < 4; i++)
            {
                int row = g + (8 * (i >> 1)), column = (2 * m) + (i & 1);
                var sum = 0.0;
                for (var k = 0; k < 8; k++)
                    sum += (double)left[row, k] * right[k, column];
                results[i] = TowardsZero(sum + warp[lane].Float(c[i]));
            }

            for (var i = 0; i < 4; i++)
                warp[lane].Set(d[i], results[i]);
        }
    }

    // NVIDIA does not document how tensor cores round a sum, only that it is not to the nearest number. Rounding towards zero is
    // the way in which long sums drift furthest.
    private static float TowardsZero(double value)
    {
        var nearest = (float)value;
        return Math.Abs((double)nearest) > Math.Abs(value) && float.IsFinite(nearest)
            ? MathF.CopySign(MathF.BitDecrement(MathF.Abs(nearest)), nearest)
            : nearest;
    }

    // The tensor cores look at the upper 19 bits only.
    private static float Tf32(float value) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xffffe000);
}
