import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints one line a finding: file, flavour, clause, what is wrong. Arguments: flavours with commas between, a list of files. */
public class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        List<String> files = Files.readAllLines(Path.of(arguments[1]));
        for (String file : files) {
            for (String name : arguments[0].split(",")) {
                PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
                try (PDFAParser parser = Foundries.defaultInstance().createParser(Path.of(file).toFile(), flavour);
                     PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
                    ValidationResult result = validator.validate(parser);
                    for (TestAssertion found : result.getTestAssertions()) {
                        System.out.println(String.join("\t", file, name, found.getRuleId().getClause() + "-"
                            + found.getRuleId().getTestNumber(), found.getMessage().replaceAll("\\s+", " ")));
                    }
                    if (!result.isCompliant() && result.getTestAssertions().isEmpty()) {
                        System.out.println(String.join("\t", file, name, "?", "not compliant, and no reason given"));
                    }
                }
            }
        }
        System.out.println("validated " + files.size());
    }
}
