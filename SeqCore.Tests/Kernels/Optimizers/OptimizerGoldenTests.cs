using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Optimizers;

/// <summary>Three steps of each optimizer; the numbers are PyTorch's, from Goldens/row_kernels.py.</summary>
public class OptimizerGoldenTests
{
    private const float LearningRate = 0.1f;

    [Fact]
    public void Adam() =>
        CheckAdam(0.9f, 0.999f, 1e-8f, 0f, false, -0.359724224f, 0.243520781f, -0.283001781f, 0.837914884f, -0.0494833738f);

    [Fact]
    public void Adam_with_decay() =>
        CheckAdam(0.8f, 0.95f, 1e-3f, 0.05f, false, -0.36443004f, 0.228400901f, -0.269752324f, 0.819957793f, -0.0445936397f);

    [Fact]
    public void AdamW() =>
        CheckAdam(0.8f, 0.95f, 1e-3f, 0.05f, true, -0.357856393f, 0.227744937f, -0.267258435f, 0.816358149f, -0.0446541458f);

    [Fact]
    public void Sgd() => CheckSgd(0f, 0f, 0.05f, false, -0.392543048f, 0.0962693617f, -0.121021204f, 0.689549327f, 0.148883745f);

    [Fact]
    public void Sgd_with_momentum() =>
        CheckSgd(0.9f, 0f, 0f, false, -0.0759999976f, 0.0977500081f, -0.160999998f, 0.89350003f, 0.0172500014f);

    [Fact]
    public void Sgd_with_dampening() =>
        CheckSgd(0.9f, 0.3f, 0.05f, false, -0.106163621f, 0.157635003f, -0.26213342f, 0.87809664f, 0.0268745255f);

    [Fact]
    public void Sgd_with_Nesterov_momentum() =>
        CheckSgd(0.9f, 0f, 0.05f, true, 0.10998483f, -0.0473799966f, -0.032501094f, 0.911130548f, 0.0511256978f);

    [Fact]
    public void RmsProp() =>
        Check((backend, slot, _) => backend.RmsProp([slot], new RmsPropStep(LearningRate, 0.9f, 1e-8f, 0f, 0f)),
            [-0.161330268f, -0.0110428929f, -0.170295268f, 0.872155726f, -0.233780891f]);

    [Fact]
    public void RmsProp_with_momentum() =>
        Check((backend, slot, _) => backend.RmsProp([slot], new RmsPropStep(LearningRate, 0.9f, 1e-3f, 0.05f, 0.7f)),
            [0.315648019f, 0.151557505f, -0.351773053f, 1.26301455f, -0.812506437f]);

    private static void CheckAdam(float beta1, float beta2, float epsilon, float decay, bool decoupled,
        params float[] expected) =>
        Check((backend, slot, t) => backend.Adam([slot], new AdamStep(LearningRate, beta1, beta2, epsilon, decay, decoupled, t)),
            expected);

    private static void CheckSgd(float momentum, float dampening, float decay, bool nesterov, params float[] expected) =>
        Check((backend, slot, t) => backend.Sgd([slot], new SgdStep(LearningRate, momentum, dampening, decay, nesterov, t == 1)),
            expected);

    private static void Check(Action<Backend, OptimizerSlot, int> step, float[] expected)
    {
        using var arena = new Arena();
        var slot = new OptimizerSlot(arena.Put(Fractions.Of(5, 7, 11, 8)), arena.Output(5), arena.Put(new float[5]),
            arena.Put(new float[5]));
        for (var t = 0; t < 3; t++)
        {
            Fractions.Of(5, 5, 13, 4, 3 * t).CopyTo(slot.Gradient.AsHostSpan());
            step(arena.Backend, slot, t + 1);
        }

        Numbers.ShouldBeNear(slot.Value.AsHostSpan(), Numbers.ToDouble(expected), 1e-6, 1e-7, "parameter");
    }
}
