using SeqCore.Models;
using SeqCore.Samples.Common;
using Masked = SeqCore.Samples.MaskedLanguageModel.Commands.ModelForm;
using Translating = SeqCore.Samples.SequenceToSequence.Commands.ModelForm;
using Writing = SeqCore.Samples.CharLanguageModel.Commands.ModelForm;

namespace SeqCore.Tests.Samples.Common;

public class SavedFormTests
{
    private static readonly Masked form = new(8, 1, 2, 0.1f, 16, 0.15f, false, WordVocabulary.FromUnits("anna\nand", isLowercase: true));

    [Fact]
    public void A_program_knows_its_own_models_from_those_of_others()
    {
        var saved = new SavedForm(form.Configuration(), "here");
        saved.Fits(Masked.Of).Should().BeTrue();
        saved.Fits(Writing.Of).Should().BeFalse();
        saved.Fits(Translating.Of).Should().BeFalse();
        saved.Make(Masked.Of).Should().BeEquivalentTo(form);
    }

    [Theory]
    [InlineData("model", null, "Checkpoint 'here' belongs to another program: its configuration has no 'model'. Name a checkpoint that the train command wrote.")]
    [InlineData("model", "elm", "Checkpoint 'here' belongs to another program: its 'model' is 'elm', not bert. Name a checkpoint that the train command wrote.")]
    [InlineData("layers", "1.5", "Checkpoint 'here': 'layers' should be a whole number but is '1.5'. Name a checkpoint that the train command wrote.")]
    [InlineData("dropout", "some", "Checkpoint 'here': 'dropout' should be a number but is 'some'. Name a checkpoint that the train command wrote.")]
    [InlineData("vocabulary", "and\nand", "Checkpoint 'here': WordVocabulary: the word 'and' comes twice.*")]
    public void What_does_not_fit_is_named(string name, string? value, string message)
    {
        var configuration = form.Configuration();
        configuration.Remove(name);
        if (value is not null)
            configuration[name] = value;
        var make = () => new SavedForm(configuration, "here").Make(Masked.Of);
        make.Should().Throw<CheckpointException>().WithMessage(message);
    }
}
