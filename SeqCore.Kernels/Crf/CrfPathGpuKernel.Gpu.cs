using ILGPU;

namespace SeqCore.Kernels.Crf;

/// <summary>The tags of the highest score, with a group for each sequence; see <see cref="CrfPaths"/>.</summary>
internal struct CrfPathGpuKernel : IGpuKernel
{
    internal CrfGpuScores Scores;
    internal ArrayView<int> Found;
    internal ArrayView<float> Best;

    /// <summary>For each sequence the scores up to a step, (2, K).</summary>
    internal ArrayView<float> Memory;

    /// <summary>The best tag before each, (B, T, K).</summary>
    internal ArrayView<int> Before;

    public static int GroupSize => 64;

    public readonly void Run()
    {
        int b = Grid.IdxX, k = Scores.Tags, length = Scores.Length(b), memory = b * 2 * k, e = b * Scores.Steps * k;
        for (var t = length + Group.IdxX; t < Scores.Steps; t += GroupSize)
            Found[b * Scores.Steps + t] = 0;
        var total = 0.0;
        for (var t = 0; t < length; t++)
        {
            int a = memory + (t & 1) * k, last = memory + (1 - (t & 1)) * k;
            for (var j = Group.IdxX; j < k; j += GroupSize)
            {
                var score = Scores.Start[j];
                if (t > 0)
                {
                    var from = 0;
                    score = Memory[last] + Scores.Transitions[j];
                    for (var i = 1; i < k; i++)
                    {
                        var other = Memory[last + i] + Scores.Transitions[i * k + j];
                        if (other > score)
                        {
                            score = other;
                            from = i;
                        }
                    }

                    Before[e + t * k + j] = from;
                }

                Memory[a + j] = score + Scores.Emissions[e + t * k + j];
            }

            Group.Barrier();
            var max = float.NegativeInfinity;
            for (var j = 0; j < k; j++)
                max = IntrinsicMath.Max(max, Memory[a + j]);
            Group.Barrier();
            if (IntrinsicMath.Abs(max) <= float.MaxValue)
            {
                total += max;
                for (var j = Group.IdxX; j < k; j += GroupSize)
                    Memory[a + j] -= max;
            }

            Group.Barrier();
        }

        if (Group.IdxX == 0)
            Follow(b, length, total);
    }

    private readonly void Follow(int b, int length, double total)
    {
        int k = Scores.Tags, e = b * Scores.Steps * k, tag = 0;
        if (length == 0)
        {
            if (Best.Length != 0)
                Best[b] = 0f;
            return;
        }

        var last = b * 2 * k + ((length - 1) & 1) * k;
        var best = Memory[last] + Scores.End[0];
        for (var j = 1; j < k; j++)
        {
            var score = Memory[last + j] + Scores.End[j];
            if (score > best)
            {
                best = score;
                tag = j;
            }
        }

        if (Best.Length != 0)
            Best[b] = (float)(total + best);
        for (var t = length - 1; t >= 0; t--)
        {
            Found[b * Scores.Steps + t] = tag;
            if (t > 0)
                tag = Before[e + t * k + tag];
        }
    }
}
