using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>The comparison table of the field, row by row.</summary>
internal static class AllClaims
{
    /// <summary>Every claim, with what the study makes of it.</summary>
    internal static IReadOnlyList<Claim> Judge(Study study)
    {
        var (speed, memory, recall, gradients) = (study.Speed?.Result, study.Memory?.Result, study.Recall?.Result,
            study.Gradients?.Result);
        return
        [
            MemoryClaims.State(memory),
            LearningClaims.AtOnce(recall), LearningClaims.BetterThanRnn(recall), LearningClaims.ForgetBias(recall),
            LearningClaims.Attention(recall), LearningClaims.Bidirectional(recall),
            SpeedClaims.Parallelism(speed), SpeedClaims.Cores(speed),
            SpeedClaims.Training(speed), LearningClaims.FewerSteps(recall), MemoryClaims.Training(memory),
            SpeedClaims.TokenByToken(speed), SpeedClaims.WholeSequences(speed),
            GradientClaims.Vanishing(gradients), GradientClaims.Gates(gradients), GradientClaims.Bias(gradients),
            GradientClaims.ShortPaths(gradients), GradientClaims.Clipping(gradients),
            SpeedClaims.Quadratic(speed), SpeedClaims.Window(speed), MemoryClaims.Tiling(memory),
            LearningClaims.Interpretability(recall),
            LearningClaims.Order(recall), LearningClaims.MaskTellsOrder(recall),
            LearningClaims.LooksUp(recall), LearningClaims.Copies(recall), LearningClaims.Adds(recall),
        ];
    }
}
